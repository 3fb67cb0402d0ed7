// What a process of a shared log may do beside others: decide a share of it, and archive it.
// Invariant: a role that ends by itself has failed, and so fails whoever runs it.

import { StoreError } from '../../../ports/store-error.ts'
import type { OpenOptions } from '../../account/opening.ts'
import { archiveAccount } from '../../stack/archive-account.ts'
import { processAccount } from '../../stack/process-account.ts'
import type { StackMetrics } from '../../stack/stack-metrics.ts'
import type { Invocation } from '../invocation.ts'
import { progressLine } from '../terminal/progress.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Role } from './role-names.ts'

export interface RoleParts {
  readonly invocation: Invocation
  readonly options: OpenOptions
  readonly metrics: StackMetrics
  /** Whether somebody wants to see how it goes on. */
  readonly isShown: boolean
  /** Told of each account that is open. */
  readonly ready?: () => void
}

function noted(): void {}

/** How often the same failure is said while it lasts, ms. */
const SAY_AGAIN_MS = 30_000

/** Says a failure when it is another one, or has lasted. */
function failureSayer(terminal: Terminal): (failure: StoreError) => void {
  let [said, saidAt] = ['', 0]
  return ({ message }) => {
    const now = performance.now()
    if (message === said && now - saidAt < SAY_AGAIN_MS) return
    said = message
    saidAt = now
    terminal.note(`${message.replace(/\.$/, '')}; trying again`)
  }
}

/** Until it is told to stop. @throws {StoreError} @throws {UserError} */
export async function runRole(
  role: Role,
  account: string,
  { invocation, options, metrics, isShown, ready = noted }: RoleParts,
  signal: AbortSignal,
): Promise<void> {
  const { dataDirectory, terminal } = invocation
  const doing = role === 'process' ? 'processing' : 'archiving'
  const progress = isShown ? progressLine(terminal, doing, 'records') : null
  let done = 0
  const went = (records: number): void => {
    done += records
    progress?.update(done, null)
  }
  const sayFailure = failureSayer(terminal)
  const own = { ...options, account, ready }
  if (role === 'archive')
    await archiveAccount(
      dataDirectory,
      {
        ...own,
        told: (batch) => {
          metrics.archived(account, batch)
          went(batch.records)
        },
        failed: sayFailure,
      },
      signal,
    )
  else
    await processAccount(
      dataDirectory,
      {
        ...own,
        told: (batch, contention) => {
          metrics.processed(account, batch, contention)
          if (batch.failure !== null) sayFailure(batch.failure)
          went(batch.records)
        },
        published: (told) => {
          if (told instanceof StoreError) sayFailure(told)
        },
      },
      signal,
    )
  progress?.end()
}

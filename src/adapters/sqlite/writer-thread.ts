// The thread that writes: opens the store, then commits what it is sent, one after the other.
// Invariant: answers in the order of the asks; an error is answered, never thrown.

import { parentPort, workerData } from 'node:worker_threads'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { StoreError } from '../../ports/store-error.ts'
import { openSqliteStore } from './identity-store.ts'
import { OPENING, type WriterAnswer, type WriterAsk, type WriterData } from './threaded-store.ts'

const port = parentPort
if (port === null) throw new Error('the writer runs in a thread of its own')

function answer(message: WriterAnswer): void {
  port?.postMessage(message)
}

function fail(id: number, cause: unknown): void {
  const { code, message, retryable } =
    cause instanceof StoreError ? cause : { code: null, message: String(cause), retryable: false }
  answer({ id, error: { code, message, retryable } })
}

function open(): IdentityStore | null {
  const { path, options } = workerData as WriterData
  try {
    return openSqliteStore(path, options)
  } catch (cause) {
    fail(OPENING, cause)
    return null
  }
}

const store = open()
if (store !== null) {
  port.on('message', (ask: WriterAsk) => {
    const done =
      ask.what === 'commit'
        ? store.commit(...ask.args)
        : store.close().then(() => 'closed' as const)
    done.then(
      (result) => answer({ id: ask.id, answer: result }),
      (cause: unknown) => fail(ask.id, cause),
    )
  })
  answer({ id: OPENING, answer: 'opened' })
}

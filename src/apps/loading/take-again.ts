// Rejects once more: each as if it came now, but received when it was.
// Invariant: taking the same reject twice changes nothing; it counts by its message id, or by its content.

import { isFields } from '../../core/event/event.ts'
import { isFromRudderstack } from '../../core/event/request-context.ts'
import type { Extraction } from '../../core/index.ts'
import type { SitesOfOthers } from '../../core/policy/account-settings.ts'
import { understand, type Ingested, type Understood } from '../../flows/ingest.ts'
import type { RejectLine, TakeAgain } from '../account/kept-rejects.ts'
import { readLine } from './messages-of-lines.ts'

export interface TakeAgainParts {
  readonly extraction: Extraction
  readonly others: SitesOfOthers
  readonly take: (messages: readonly Understood[]) => Promise<Ingested>
}

export function takeAgain({ extraction, others, take }: TakeAgainParts): TakeAgain {
  return async (rejects) => {
    const understood = rejects.map((reject) => understoodOf(extraction, others, reject))
    const { outcomes, resolved } = await take(understood.filter((one) => one !== null))
    await resolved
    let next = 0
    return understood.map((one) => one !== null && outcomes[next++]?.status !== 'rejected')
  }
}

/** Null where the message was not kept. */
function understoodOf(
  extraction: Extraction,
  others: SitesOfOthers,
  { raw, at, source, site = 'default', historical = true }: RejectLine,
): Understood | null {
  if (raw === undefined) return null
  const plain = { receivedAt: Date.parse(at), historical, site }
  const read = readLine(raw, plain, others)
  if ('reason' in read) return null
  if (Buffer.byteLength(raw) > bytesMaxOf(extraction, source, read.message)) return null
  // What comes in a request says nothing of its own about site and receipt.
  const incoming = source === 'ingest' ? read : { ...read, envelope: plain }
  return understand(extraction, incoming)
}

/** The limit of the protocol it came by, or of lines. */
function bytesMaxOf(
  { settings: { limits } }: Extraction,
  source: string,
  message: unknown,
): number {
  const { segment, rudderstack } = limits
  if (source === 'ingest') return limits.lineBytesMax
  const wide = isFields(message) && isFromRudderstack(message)
  return (wide ? rudderstack : segment).messageBytesMax
}

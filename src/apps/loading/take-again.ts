// Rejects once more: each as if it came now, but received when it was.
// Invariant: taking the same reject twice changes nothing; it counts by its message id, or by its content.

import { instantOf } from '../../core/event/event-time.ts'
import type { Extraction } from '../../core/index.ts'
import { understand, type Ingested, type Understood } from '../../flows/ingest.ts'
import type { RejectLine, TakeAgain } from '../account/kept-rejects.ts'

export interface TakeAgainParts {
  readonly extraction: Extraction
  readonly take: (messages: readonly Understood[]) => Promise<Ingested>
}

export function takeAgain({ extraction, take }: TakeAgainParts): TakeAgain {
  return async (rejects) => {
    const understood = rejects.map((reject) => understoodOf(extraction, reject))
    const { outcomes, resolved } = await take(understood.filter((one) => one !== null))
    await resolved
    let next = 0
    return understood.map((one) => one !== null && outcomes[next++]?.status !== 'rejected')
  }
}

/** Null where the message was not kept. */
function understoodOf(
  extraction: Extraction,
  { raw, at, site = 'default', historical = true }: RejectLine,
): Understood | null {
  if (raw === undefined) return null
  const receivedAt = instantOf(at) ?? 0
  return understand(extraction, {
    raw,
    message: jsonOf(raw),
    envelope: { receivedAt, historical, site },
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

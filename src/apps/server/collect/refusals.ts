// What was sent and not taken, kept with its reason, so that it can be looked at and taken again.

import { rawToKeep } from '../../loading/messages-of-lines.ts'
import type { ServedAccount } from '../parts.ts'
import type { Refused } from './tracked-messages.ts'

/** Where refused messages came from: what it takes to take them again. */
export interface Origin {
  /** Path of the request. */
  readonly source: string
  readonly site: string
  readonly historical: boolean
  /** Ms since the epoch. */
  readonly receivedAt: number
}

/** Keeps what was refused; never fails. */
export async function keepRefused(
  { rejects, extraction }: ServedAccount,
  { source, site, historical, receivedAt: at }: Origin,
  refused: readonly Refused[],
): Promise<void> {
  if (refused.length === 0) return
  await rejects().add(
    refused.map(({ reason, detail, raw }) => {
      return { at, source, site, historical, reason, detail, raw: rawToKeep(extraction, raw) }
    }),
  )
}

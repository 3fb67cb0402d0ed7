// Messages into the log, one bad one apart from the others: what nobody foresaw in a message costs only that message.
// Invariant: only a StoreError fails the call, and then nothing of it was acknowledged.

import { StoreError } from '../ports/store-error.ts'
import { ingest, type Incoming, type Ingested, type IngestParts, type Outcome } from './ingest.ts'

/** A message that broke what reads it: a bug of ours, kept to be looked at. */
export type OutcomeApart =
  | Outcome
  | { readonly status: 'rejected'; readonly reason: 'unreadable'; readonly detail: string }

export interface IngestedApart {
  readonly outcomes: readonly OutcomeApart[]
  readonly resolved: Promise<void>
}

/** @throws {StoreError} when the log cannot be written. */
export async function ingestApart(
  parts: IngestParts,
  messages: readonly Incoming[],
): Promise<IngestedApart> {
  try {
    return await ingest(parts, messages)
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    if (messages.length === 1) return unreadable(cause)
  }
  const outcomes: OutcomeApart[] = []
  const resolved: Promise<void>[] = []
  for (const message of messages) {
    const one: IngestedApart | Ingested = await ingestApart(parts, [message])
    outcomes.push(...one.outcomes)
    resolved.push(one.resolved)
  }
  return { outcomes, resolved: Promise.all(resolved).then(() => undefined) }
}

function unreadable(cause: unknown): IngestedApart {
  const detail = cause instanceof Error ? cause.name : 'an unknown failure'
  return {
    outcomes: [{ status: 'rejected', reason: 'unreadable', detail }],
    resolved: Promise.resolve(),
  }
}

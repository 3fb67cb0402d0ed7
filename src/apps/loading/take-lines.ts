// A batch of lines to its outcome: read, ingested, resolved, what was refused named by its line.

import type { Extraction } from '../../core/index.ts'
import type { Ingested, Understood } from '../../flows/ingest.ts'
import {
  rawToKeep,
  textOfLine,
  type ReadLines,
  type Reading,
  type RefusedLine,
} from './messages-of-lines.ts'
import type { LineBatch } from './split-lines.ts'

/** What became of a batch; durable, and the profiles take it into account. */
export interface BatchOutcome {
  readonly accepted: number
  readonly duplicates: number
  readonly refused: readonly RefusedLine[]
}

/** Where a load's batches go: into an account opened here, or to the server that has it open. */
export interface Sink {
  /** Batches are submitted in order; the next may be submitted before the answer to the last. */
  submit(batch: LineBatch): Promise<BatchOutcome>
}

export interface TakeParts {
  readonly extraction: Extraction
  readonly read: (batch: LineBatch, reading: Reading) => ReadLines | Promise<ReadLines>
  readonly take: (messages: readonly Understood[]) => Promise<Ingested>
}

export async function takeLines(
  { extraction, read, take }: TakeParts,
  batch: LineBatch,
  reading: Reading,
): Promise<BatchOutcome> {
  const { messages, lines, refused } = await read(batch, reading)
  const all: RefusedLine[] = [...refused]
  const { outcomes, resolved } = await take(messages)
  let accepted = 0
  let duplicates = 0
  outcomes.forEach((outcome, i) => {
    if (outcome.status === 'accepted') accepted++
    else if (outcome.status === 'duplicate') duplicates++
    else {
      const { reason, detail } = outcome
      const line = lines[i] ?? batch.firstLine
      all.push({ line, reason, detail, raw: textOfLine(batch, line) })
    }
  })
  await resolved
  return {
    accepted,
    duplicates,
    refused: all.map((one) => ({ ...one, raw: rawToKeep(extraction, one.raw) })),
  }
}

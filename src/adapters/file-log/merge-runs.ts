// Several runs become one: a k-way merge in small slices, so that appending goes on beside it.
// Invariant: the merged run holds exactly the entries of its parts, in ascending order.

import { copyEntry, ENTRY_WORDS, isBefore } from './id-table.ts'
import type { RunWriter } from './id-run-writer.ts'
import type { IdRun } from './id-run.ts'

/** Entries read and written at a time: well under a millisecond of work between two waits. */
const SLICE_PAGES = 8
const SLICE_ENTRIES = 2048

interface Part {
  readonly slices: AsyncGenerator<Uint32Array>
  entries: Uint32Array
  at: number
}

/** Writes the entries of all runs to `writer`; the caller finishes and closes it. Throws when `signal` aborts it. */
export async function mergeRuns(
  runs: readonly IdRun[],
  writer: RunWriter,
  signal?: AbortSignal,
): Promise<void> {
  const parts = runs.map((run) => ({
    slices: run.entries(SLICE_PAGES),
    entries: new Uint32Array(0),
    at: 0,
  }))
  try {
    let live: Part[] = []
    for (const part of parts) if (await refill(part)) live.push(part)
    const out = new Uint32Array(SLICE_ENTRIES * ENTRY_WORDS)
    while (live.length > 0) {
      signal?.throwIfAborted()
      const words = mergeSlice(live, out)
      await writer.write(out.subarray(0, words))
      const left: Part[] = []
      for (const part of live) {
        if (part.at < part.entries.length || (await refill(part))) left.push(part)
      }
      live = left
    }
  } finally {
    for (const part of parts) await part.slices.return(undefined)
  }
}

async function refill(part: Part): Promise<boolean> {
  const next = await part.slices.next()
  if (next.done === true) return false
  part.entries = next.value
  part.at = 0
  return true
}

/** Fills `out` until it is full or a part has run dry; returns the words written. */
function mergeSlice(live: readonly Part[], out: Uint32Array): number {
  let words = 0
  while (words < out.length) {
    let least = live[0]
    if (least === undefined) break
    for (const part of live) {
      if (isBefore(part.entries, part.at, least.entries, least.at)) least = part
    }
    copyEntry(least.entries, least.at, out, words)
    words += ENTRY_WORDS
    least.at += ENTRY_WORDS
    if (least.at === least.entries.length) break
  }
  return words
}

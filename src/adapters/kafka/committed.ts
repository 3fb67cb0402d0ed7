// What was committed of the batches of one answer. The client drops of an aborted transaction only what lies in one answer
// together with its end; so the same is done here for all, as Kafka's own client does it (`CompletedFetch`).

import type { RecordsBatch } from '@platformatic/kafka'

/** Bits of a batch's attributes. */
const TRANSACTIONAL = 16
const CONTROL = 32
/** A control record's key: version, then type, two bytes each. */
const TYPE_AT = 2
const ABORT = 0

/** As a broker tells it for the batches of an answer, one for each that overlaps them. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

export function isControl({ attributes }: RecordsBatch): boolean {
  return (attributes & CONTROL) !== 0
}

/** The batches, those of aborted transactions without their records. */
export function committed(
  batches: readonly RecordsBatch[],
  aborted: readonly AbortedTransaction[],
): readonly RecordsBatch[] {
  if (aborted.length === 0) return batches
  const waiting = aborted.toSorted((a, b) => Number(a.firstOffset - b.firstOffset))
  const open = new Set<bigint>()
  return batches.map((batch) => {
    const { producerId, attributes, firstOffset, lastOffsetDelta } = batch
    const last = firstOffset + BigInt(lastOffsetDelta)
    for (let [next] = waiting; next !== undefined && next.firstOffset <= last; [next] = waiting) {
      open.add(next.producerId)
      waiting.shift()
    }
    if (isControl(batch)) {
      if (batch.records[0]?.key?.readInt16BE(TYPE_AT) === ABORT) open.delete(producerId)
      return batch
    }
    const isAborted = (attributes & TRANSACTIONAL) !== 0 && open.has(producerId)
    return isAborted ? { ...batch, records: [] } : batch
  })
}

// Which profiles were told as of what the graph has lost: the topic of profiles, read from its end backwards.
// Invariant: of each id the last record counts; it is gone back until nothing before can be in doubt.

import type { PublishedProfile, SharedUpTo } from '../../ports/change-topics.ts'
import type { RawRecord } from './decode.ts'
import type { Stretch, TopicEnd } from './topic-end.ts'

export interface ToldBeyondParts {
  readonly end: TopicEnd
  readonly profileOf: (record: RawRecord) => Promise<PublishedProfile | null>
  readonly sharedUpTo: SharedUpTo
  /** Epoch of the change that was told last: what was lost before it was told again. Null: no change was told. */
  readonly lastEpoch: string | null
}

/**
 * So many records of a partition one after the other that are not in doubt: before them nothing is, since what was told
 * later is of later, but for a batch that somebody told late.
 */
const SURE_RECORDS = 1_000

/** A partition, as far as it was gone back. */
interface Going {
  readonly partition: number
  readonly from: number
  until: number
  sure: number
  /** Records of the last epoch were met: what stands before is not of a later one. */
  isOfLast: boolean
}

/** As `ChangeTopics.toldBeyond`. @throws {StoreError} */
export async function toldBeyond(
  parts: ToldBeyondParts,
): Promise<ReadonlyMap<string, PublishedProfile | null>> {
  const beyond = new Map<string, PublishedProfile | null>()
  const met = new Set<string>()
  const whole = await parts.end.whole()
  let going = whole.map((one): Going => ({ ...one, sure: 0, isOfLast: false }))
  while (going.length > 0) {
    const read = await parts.end.read(going.map(lastOf))
    for (const one of going) {
      for (const record of (read.get(one.partition) ?? []).toReversed()) {
        const id = record.key?.toString() ?? ''
        const profile = await parts.profileOf(record)
        const isDoubtful = await goBack(parts, one, profile)
        if (isDoubtful && !met.has(id)) beyond.set(id, profile)
        met.add(id)
      }
      one.until = lastOf(one).from
    }
    going = going.filter(({ from, until, sure }) => until > from && sure < SURE_RECORDS)
  }
  return beyond
}

function lastOf({ partition, from, until }: Going): Stretch {
  return { partition, from: Math.max(from, until - SURE_RECORDS), until }
}

/** One record further back; whether what it says is in doubt. */
async function goBack(
  { sharedUpTo, lastEpoch }: ToldBeyondParts,
  going: Going,
  profile: PublishedProfile | null,
): Promise<boolean> {
  if (profile === null) return true
  going.isOfLast ||= profile.epoch === lastEpoch
  const isDoubtful = profile.asOf > (await sharedUpTo(profile.epoch))
  if (isDoubtful) going.sure = 0
  else if (going.isOfLast) going.sure++
  return isDoubtful
}

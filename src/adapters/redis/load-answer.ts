// What a load asks of its script, and the neighbourhood in the bytes that it answers.

import type { EdgeRecord, NodeRecord, Sighting } from '../../core/profile/view/records.ts'
import type { LoadLimits, LoadRequest, Neighbourhood } from '../../ports/identity-store.ts'
import { ByteReader, ByteWriter, profileField, profileOfField } from './bytes.ts'
import { frames, keys } from './commit-arguments.ts'
import { readEdges, readNode, readPlace, readProfile } from './records.ts'
import { questionIn, verdictIn } from './reviews.ts'

export function loadArguments(
  { nodes, crowds, profiles }: LoadRequest,
  limits: LoadLimits,
): readonly (string | Buffer)[] {
  const bytes = new ByteWriter(crowds.length * 38)
  for (const { identifier, fromDay, toDay } of crowds) {
    bytes.key(identifier)
    bytes.day(fromDay)
    bytes.day(toDay)
  }
  const most = [limits.componentNodesMax, limits.componentEdgesMax, limits.sightingsPerDayMax]
  return [
    keys(nodes),
    bytes.done(),
    frames(profiles.map(profileField)),
    ...most.map((limit) => String(Math.min(limit, Number.MAX_SAFE_INTEGER))),
  ]
}

/** Lists of bytes, in the order that the script gives them. */
export type LoadAnswer = readonly (readonly Buffer[])[]

export function neighbourhoodIn(answer: LoadAnswer, limits: LoadLimits): Neighbourhood {
  const list = (at: number): readonly Buffer[] => answer[at] ?? []
  const complete = pairsOf(list(0), nodeOf)
  return {
    nodes: [...complete, ...pairsOf(list(1), nodeOf)],
    complete: complete.map(({ key }) => key),
    over: list(2).map((key) => key.toString('hex')),
    edges: edgesIn(list(3)),
    sightings: list(4).flatMap((bytes) => sightingsIn(bytes, limits.sightingsPerDayMax)),
    profiles: pairsOf(list(5), (id, bytes) =>
      readProfile(new ByteReader(bytes), profileOfField(id)),
    ),
    verdicts: list(6).map(verdictIn),
    questions: list(7).map(questionIn),
  }
}

function pairsOf<T>(list: readonly Buffer[], read: (field: Buffer, value: Buffer) => T): T[] {
  const all: T[] = []
  for (let at = 0; at + 1 < list.length; at += 2) {
    const [field, value] = [list[at], list[at + 1]]
    if (field !== undefined && value !== undefined) all.push(read(field, value))
  }
  return all
}

function nodeOf(key: Buffer, bytes: Buffer): NodeRecord {
  return readNode(new ByteReader(bytes), key.toString('hex'))
}

function edgesIn(list: readonly Buffer[]): readonly EdgeRecord[] {
  const edges: EdgeRecord[] = []
  pairsOf(list, (from, bytes) => readEdges(new ByteReader(bytes), from.toString('hex'), edges))
  return edges
}

/** Of one identifier on one day; more may come than is asked for: whole leaves. */
function sightingsIn(list: Buffer, perDayMax: number): readonly Sighting[] {
  const bytes = new ByteReader(list)
  const [identifier, day] = [bytes.key(), bytes.day()]
  const seen: Sighting[] = []
  while (!bytes.isDone) {
    const [from, hours] = [bytes.key(), bytes.u24()]
    const { anchor, type } = readPlace(bytes, from)
    seen.push({ identifier, day, from, hours, anchor, fromType: type })
  }
  return seen.toSorted((a, b) => (a.from < b.from ? -1 : 1)).slice(0, perDayMax + 1)
}

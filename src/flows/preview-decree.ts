// What would come of a merge or a split for those who use the profiles: whose id goes on, which messages change hands,
// which golden values change. Invariant: it is imagined as it would be decided, and nothing of it is kept.

import type { Attribute } from '../core/golden/attributes.ts'
import type { GoldenValue } from '../core/golden/golden-record.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { Decree } from '../core/profile/apply-decree.ts'
import type { DescribedProfile } from '../core/profile/explain/describe.ts'
import { strongestIdentifier } from '../core/profile/ownership.ts'
import { goldenOfMessages, type OwnMessage, type OwnMessages } from './golden-of.ts'
import { imagine, type Imagined, type ImagineParts } from './make-decree.ts'

/** A profile that the decree is about, and what was read of its messages. */
export interface Concerned {
  readonly profile: DescribedProfile
  readonly own: OwnMessages
}

interface GoldenChange {
  readonly attribute: string
  /** Null: no value. */
  readonly before: GoldenValue | null
  readonly after: GoldenValue | null
}

export interface Preview extends Imagined {
  /** The profile of the largest group that keeps an id; null where all ids are new. */
  readonly survives: string | null
  /** Identifiers that would be in another profile. */
  readonly moved: readonly Key[]
  readonly messagesMoved: number
  /** Of a profile that loses messages not all were read. */
  readonly messagesMovedMore: boolean
  /** Of the profile that survives. */
  readonly goldenChanges: readonly GoldenChange[]
}

export async function previewDecree(
  parts: ImagineParts,
  decree: Decree,
  concerned: readonly Concerned[],
  attributes: readonly Attribute[],
): Promise<Preview> {
  const about = concerned.flatMap(({ profile }) => profile.identifiers.map(({ key }) => key))
  const imagined = await imagine(parts, decree, about)
  const then = ownersThen(imagined)
  const moved = concerned.flatMap(({ profile: { id, identifiers } }) =>
    identifiers.flatMap(({ key }) => (then.get(key) === id ? [] : [key])),
  )
  const survives = imagined.groups.find(({ isNew }) => !isNew)?.profile ?? null
  const messages = concerned.flatMap((one) => handsOf(parts, one, imagined, then))
  const isMoving = new Set(moved)
  return {
    ...imagined,
    survives,
    moved,
    messagesMoved: messages.filter(({ before, after }) => before !== after).length,
    messagesMovedMore: concerned.some(
      ({ profile, own }) =>
        !own.isWhole && profile.identifiers.some(({ key }) => isMoving.has(key)),
    ),
    goldenChanges: goldenChanges(
      attributes,
      messages.filter(({ before }) => before === survives),
      messages.filter(({ after }) => after === survives),
    ),
  }
}

/** By member: the profile that would hold it. */
function ownersThen({ groups }: Imagined): ReadonlyMap<Key, string> {
  return new Map(groups.flatMap(({ profile, members }) => members.map((key) => [key, profile])))
}

interface Handed {
  readonly message: OwnMessage
  /** Whose it is, and whose it would be. */
  readonly before: string
  readonly after: string
}

/** A message goes with the strongest identifier it names; one without a name of its own with most of the profile. */
function handsOf(
  { policy }: Pick<ImagineParts, 'policy'>,
  { profile: { id, identifiers }, own }: Concerned,
  { groups }: Imagined,
  then: ReadonlyMap<Key, string>,
): readonly Handed[] {
  const isOwn = new Set(identifiers.map(({ key }) => key))
  const held = groups.find(({ members }) => members.some((key) => isOwn.has(key)))
  const heir = groups.some(({ profile }) => profile === id) ? id : (held?.profile ?? id)
  return own.messages.map((message) => {
    const strongest = strongestIdentifier(message.fact, policy)
    return { message, before: id, after: then.get(strongest?.key ?? '') ?? heir }
  })
}

function goldenChanges(
  attributes: readonly Attribute[],
  before: readonly Handed[],
  after: readonly Handed[],
): readonly GoldenChange[] {
  const [was, is] = [before, after].map((handed) => {
    const messages = handed.map(({ message }) => message)
    const { values } = goldenOfMessages(attributes, { messages, isWhole: true })
    return new Map(values.map((value) => [value.attribute, value]))
  })
  return attributes.flatMap(({ name: attribute }) => {
    const change = { before: was?.get(attribute) ?? null, after: is?.get(attribute) ?? null }
    return isSameValue(change.before, change.after) ? [] : [{ attribute, ...change }]
  })
}

function isSameValue(a: GoldenValue | null, b: GoldenValue | null): boolean {
  if (a === null || b === null) return a === b
  if (a.rule !== 'union') return a.value === b.value
  const [these, those] = [
    [a.value, ...a.others],
    [b.value, ...b.others],
  ]
  return these.length === those.length && these.every((value, i) => value === those[i])
}

// A steward's answer to an open question, and taking it back: held against what stands, durable in the log, then decided.
// Invariant: one answer at a time, so none contradicts another; what was said once is not said twice.

import {
  contradictionOf,
  type Implied,
  impliedBy,
  type Proposed,
} from '../core/profile/contradiction.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { QuestionRecord, Verdict, VerdictRecord } from '../core/profile/view/records.ts'
import { membersOf } from '../core/profile/explain/describe.ts'
import type { View } from '../core/profile/view/view.ts'
import type { LookUpParts } from './look-up.ts'
import { makeDecree, type Saying } from './make-decree.ts'
import { oneAtATime } from './one-at-a-time.ts'

export interface Answering extends Saying {
  readonly question: string
  readonly verdict: Verdict
  readonly note: string
  /** Revisions of the two profiles as they were shown; null: whatever they are now. */
  readonly seen: { readonly a: number; readonly b: number } | null
}

/** A profile as a steward was shown it. */
export interface SeenProfile {
  readonly profile: string
  readonly revision: number
  /** How many it holds. */
  readonly identifiers: number
}

export type ProfilePair = readonly [SeenProfile, SeenProfile]

/** What one steward's word is worth where two profiles are to be one. */
export interface Assent {
  /** Asked once nothing stands against it, while nobody else says anything. */
  to(profiles: ProfilePair, note: string): Promise<Assented>
  /** A verdict on the two stands: whoever waited for a second steward waits no more. Never fails. */
  settled(profiles: ProfilePair): Promise<void>
}

export type Assented =
  /** As it shall stand in the log. */
  { readonly outcome: 'given'; readonly author: string; readonly note: string } | Unassented

type Unassented =
  /** Noted; another steward has to say it too. */
  | { readonly outcome: 'awaits' }
  /** The same one had said it already, at `at` (ms). */
  | { readonly outcome: 'said_before'; readonly at: number }

export type Said =
  | Unassented
  | { readonly outcome: 'stands'; readonly verdict: VerdictRecord }
  /** In order from the one side to the other. */
  | { readonly outcome: 'contradicts'; readonly chain: readonly VerdictRecord[] }

export type Answer =
  | Said
  /** Nobody asks it: it never was asked, or is settled by what came since. */
  | { readonly outcome: 'not_asked' }
  /** The opposite was said. */
  | { readonly outcome: 'answered'; readonly verdict: VerdictRecord }
  /** One of the profiles is not as it was shown any more. */
  | { readonly outcome: 'changed' }

export type TakenBack =
  | { readonly outcome: 'taken_back'; readonly verdict: VerdictRecord }
  | { readonly outcome: 'not_answered' }

export class Verdicts {
  readonly #parts: LookUpParts
  readonly #exclusively = oneAtATime()

  constructor(parts: LookUpParts) {
    this.#parts = parts
  }

  /** The sides are all that the two profiles hold. Said again, it stands as it was said first. */
  async answer(answering: Answering, assent: Assent): Promise<Answer> {
    return this.#exclusively(async () => {
      const { store, resolver } = this.#parts
      await resolver.flush()
      const said = await store.verdictOn(answering.question)
      if (said !== null)
        return {
          outcome: said.verdict === answering.verdict ? 'stands' : 'answered',
          verdict: said,
        }
      const question = await store.question(answering.question)
      if (question === null) return { outcome: 'not_asked' }
      return this.#answerOpen(question, answering, assent)
    })
  }

  /** By a question or a verdict. The question is open again, unless something else has settled it. */
  async takeBack(question: string, saying: Saying): Promise<TakenBack> {
    return this.#exclusively(async () => {
      const { store, resolver } = this.#parts
      await resolver.flush()
      const verdict = await store.verdictOn(question)
      if (verdict === null) return { outcome: 'not_answered' }
      const members = [...verdict.a, ...verdict.b]
      await makeDecree(this.#parts, saying, { type: 'undo', of: verdict.id, members })
      return { outcome: 'taken_back', verdict }
    })
  }

  /** Says what nobody has asked: that two sets of members are one person, or are not. */
  async say(saidOf: SaidOf, saying: Saying): Promise<Said> {
    return this.#exclusively(() => this.#say(saidOf, saying))
  }

  /** For each pair of members what earlier verdicts say of their profiles, though nobody has decided it; null: nothing. */
  async implied(pairs: readonly (readonly [Key, Key])[]): Promise<readonly (Implied | null)[]> {
    const { all } = await this.#parts.resolver.look<{ all: readonly (Implied | null)[] }>(
      pairs.flat(),
      (view) => {
        const found = pairs.map((pair) => impliedOf(view, pair))
        const nodes = found.flatMap((one) => (one !== null && 'nodes' in one ? one.nodes : []))
        if (nodes.length > 0) return { needs: { nodes, crowds: [], profiles: [] } }
        return { all: found.map((one) => (one !== null && 'nodes' in one ? null : one)) }
      },
    )
    return all
  }

  async #answerOpen(
    question: QuestionRecord,
    answering: Answering,
    assent: Assent,
  ): Promise<Answer> {
    const { verdict, note, seen } = answering
    const sides = await this.#sides([question.a, question.b])
    if (sides === null) return { outcome: 'not_asked' }
    const [a, b] = sides
    if (seen !== null && (seen.a !== a.revision || seen.b !== b.revision))
      return { outcome: 'changed' }
    const proposed = { verdict, a: a.members, b: b.members, note, question }
    return this.#say({ proposed, of: { profiles: [a, b], assent } }, answering)
  }

  /** The profiles of both; null where they are one, or one of them is not there any more. */
  async #sides([x, y]: readonly [Key, Key]): Promise<readonly [Side, Side] | null> {
    const { sides } = await this.#parts.resolver.look([x, y], (view) => {
      return { sides: [sideOf(view, x), sideOf(view, y)] }
    })
    const [a, b] = sides
    return a === undefined || b === undefined || a.profile === b.profile ? null : [a, b]
  }

  async #say({ proposed, of }: SaidOf, saying: Saying): Promise<Said> {
    const chain = await this.#contradiction(proposed)
    if (chain.length > 0) return { outcome: 'contradicts', chain }
    const assented =
      of === null || proposed.verdict === 'different'
        ? { outcome: 'given' as const, author: saying.author, note: proposed.note }
        : await of.assent.to(of.profiles, proposed.note)
    if (assented.outcome !== 'given') return assented
    const { author, note } = assented
    await makeDecree(this.#parts, { ...saying, author }, { type: 'verdict', ...proposed, note })
    await of?.assent.settled(of.profiles)
    const [verdict] = await this.#parts.store.verdicts(null, 1)
    if (verdict?.id !== saying.id) throw new Error(`the verdict ${saying.id} is not there`)
    return { outcome: 'stands', verdict }
  }

  async #contradiction(proposed: Proposed): Promise<readonly VerdictRecord[]> {
    const { chain } = await this.#parts.resolver.look<Chain>(
      [...proposed.a, ...proposed.b],
      (view) => {
        const found = contradictionOf(view, proposed)
        return 'nodes' in found
          ? { needs: { nodes: found.nodes, crowds: [], profiles: [] } }
          : { chain: found }
      },
    )
    return chain
  }
}

interface Chain {
  readonly chain: readonly VerdictRecord[]
}

/** What somebody wants to say; `of`: the two profiles that it is about, where it is about two. */
export interface SaidOf {
  readonly proposed: Proposed & { readonly note: string; readonly question?: QuestionRecord }
  readonly of: { readonly profiles: ProfilePair; readonly assent: Assent } | null
}

interface Side extends SeenProfile {
  readonly members: readonly Key[]
}

function impliedOf(view: View, [x, y]: readonly [Key, Key]): ReturnType<typeof impliedBy> {
  // Most graphs hold few verdicts, and then there is nobody's profile to go through.
  if (view.verdicts.size === 0) return null
  const [a, b] = [sideOf(view, x), sideOf(view, y)]
  return a === undefined || b === undefined ? null : impliedBy(view, a.members, b.members)
}

/** The profile of a member, with all it holds; undefined for one that is not there any more. */
function sideOf(view: View, key: Key): Side | undefined {
  const node = view.node(key)
  if (node === undefined || node.profile === '') return undefined
  // In the order in which a profile is shown: a "same" links the first of each side, so a preview must name the same one.
  const members = membersOf(view, node).map((member) => member.key)
  const revision = view.profiles.get(node.profile)?.revision ?? 0
  return { profile: node.profile, revision, identifiers: members.length, members }
}

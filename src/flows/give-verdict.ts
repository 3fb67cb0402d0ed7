// A steward's answer to an open question, and taking it back: held against what stands, durable in the log, then decided.
// Invariant: one answer at a time, so none contradicts another; what was said once is not said twice.

import { contradictionOf, type Proposed } from '../core/profile/contradiction.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { QuestionRecord, Verdict, VerdictRecord } from '../core/profile/view/records.ts'
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

export type Said =
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
  async answer(answering: Answering): Promise<Answer> {
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
      return this.#answerOpen(question, answering)
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
  async say(proposed: Proposed & { readonly note: string }, saying: Saying): Promise<Said> {
    return this.#exclusively(() => this.#say(proposed, saying))
  }

  async #answerOpen(question: QuestionRecord, answering: Answering): Promise<Answer> {
    const { verdict, note, seen } = answering
    const sides = await this.#sides([question.a, question.b])
    if (sides === null) return { outcome: 'not_asked' }
    const [a, b] = sides
    if (seen !== null && (seen.a !== a.revision || seen.b !== b.revision))
      return { outcome: 'changed' }
    return this.#say({ verdict, a: a.members, b: b.members, note, question }, answering)
  }

  /** The profiles of both; null where they are one, or one of them is not there any more. */
  async #sides([x, y]: readonly [Key, Key]): Promise<readonly [Side, Side] | null> {
    const { sides } = await this.#parts.resolver.look([x, y], (view) => {
      return { sides: [sideOf(view, x), sideOf(view, y)] }
    })
    const [a, b] = sides
    return a === undefined || b === undefined || a.profile === b.profile ? null : [a, b]
  }

  async #say(
    proposed: Proposed & { readonly note: string; readonly question?: QuestionRecord },
    saying: Saying,
  ): Promise<Said> {
    const chain = await this.#contradiction(proposed)
    if (chain.length > 0) return { outcome: 'contradicts', chain }
    await makeDecree(this.#parts, saying, { type: 'verdict', ...proposed })
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

interface Side {
  readonly profile: string
  readonly revision: number
  readonly members: readonly Key[]
}

/** The profile of a member, with all it holds; undefined for one that is not there any more. */
function sideOf(view: View, key: Key): Side | undefined {
  const node = view.node(key)
  if (node === undefined || node.profile === '') return undefined
  const mates = [...(view.components.get(node.component) ?? [key])]
  return {
    profile: node.profile,
    revision: view.profiles.get(node.profile)?.revision ?? 0,
    members: mates.filter((mate) => view.node(mate)?.profile === node.profile).toSorted(),
  }
}

// Questions and verdicts as the API lists them: both sides as they are now, who looks at it, who has to agree, and what
// earlier verdicts say. Invariant: a page is described in one look at the graph, whatever its length.

import { identifierText } from '../../core/index.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import { confidenceOf } from '../../core/policy/evidence-unit.ts'
import type { Policy } from '../../core/policy/policy.ts'
import type { Implied } from '../../core/profile/contradiction.ts'
import type { QuestionRecord, VerdictRecord } from '../../core/profile/view/records.ts'
import type { View } from '../../core/profile/view/view.ts'
import type { Verdicts } from '../../flows/give-verdict.ts'
import type { Account } from '../account/account.ts'
import { instant } from '../answers/instant.ts'
import type { ReviewAnswer } from '../answers/review-answer.ts'
import type { Claims } from './claims.ts'
import type { FourEyes } from './four-eyes.ts'

/** One of a list, before anything is said of its sides. */
export type Listed = Omit<ReviewAnswer, 'a' | 'b' | 'claim' | 'second' | 'implied'> & {
  readonly a: Key
  readonly b: Key
}

export interface Describing {
  readonly account: Pick<Account, 'resolver'>
  readonly verdicts: Pick<Verdicts, 'implied'>
  readonly claims: Pick<Claims, 'of'>
  readonly fourEyes: Pick<FourEyes, 'secondOf'>
}

export async function describeReviews(
  { account, verdicts, claims, fourEyes }: Describing,
  listed: readonly Listed[],
  now: number,
): Promise<ReviewAnswer[]> {
  const keys = listed.flatMap(({ a, b }) => [a, b])
  const sides = await account.resolver.look(keys, (view) => sidesOf(view, keys))
  const open = listed.filter(({ status }) => status === 'open')
  const said = await verdicts.implied(open.map(({ a, b }) => [a, b]))
  const impliedOf = new Map(open.map(({ id }, i) => [id, said[i] ?? null]))
  return listed.map(({ a: x, b: y, ...rest }) => {
    const [a, b] = [sides.get(x) ?? GONE, sides.get(y) ?? GONE]
    const claim = claims.of(rest.id, now)
    const isOpen = rest.status === 'open' && a.profile !== null && b.profile !== null
    return {
      ...rest,
      a,
      b,
      claim: claim && { by: claim.by, until: instant(claim.until) },
      second: isOpen ? fourEyes.secondOf([seenOf(a), seenOf(b)]) : null,
      implied: answerOfImplied(impliedOf.get(rest.id) ?? null),
    }
  })
}

type Side = ReviewAnswer['a']

const GONE: Side = { identifier: '', profile: null, revision: 0, identifiers: 0 }

function sidesOf(view: View, keys: readonly Key[]): ReadonlyMap<Key, Side> {
  const sides = new Map<Key, Side>()
  for (const key of keys) {
    const node = view.node(key)
    if (node === undefined) continue
    const profile = view.profiles.get(node.profile)
    sides.set(key, {
      identifier: identifierText(node),
      profile: node.profile === '' ? null : node.profile,
      revision: profile?.revision ?? 0,
      identifiers: profile?.size ?? 0,
    })
  }
  return sides
}

function seenOf({ profile, revision, identifiers }: Side) {
  return { profile: profile ?? '', revision, identifiers }
}

function answerOfImplied(implied: Implied | null): ReviewAnswer['implied'] {
  if (implied === null) return null
  const { verdict, chain } = implied
  return { verdict, chain: chain.map(decisionOf) }
}

function decisionOf({ id, verdict, note, author, at }: VerdictRecord) {
  return { id, verdict, note, author, at: instant(at) }
}

export function ofQuestion(question: QuestionRecord, policy: Policy): Listed {
  const { id, guard, reason, evidence, scoredBy, worth, a, b } = question
  return {
    id,
    status: 'open',
    guard,
    reason,
    guard_words: guardWords(question, policy),
    probability: confidenceOf(evidence),
    scored_by: scoredBy,
    worth,
    a,
    b,
    decision: null,
  }
}

export function ofVerdict(record: VerdictRecord, policy: Policy): Listed {
  const { id, question } = record
  const decision = decisionOf(record)
  if (question !== null) return { ...ofQuestion(question, policy), status: 'decided', decision }
  return {
    id,
    status: 'decided',
    guard: null,
    reason: 'decided without a question',
    guard_words: null,
    probability: null,
    scored_by: null,
    worth: null,
    a: record.a[0] ?? '',
    b: record.b[0] ?? '',
    decision,
  }
}

/** Every other reason says by itself what stands against; that of two who are alike says only what speaks for it. */
function guardWords({ guard, evidence, scoredBy }: QuestionRecord, policy: Policy): string | null {
  if (guard !== 'threshold' || scoredBy !== null) return null
  const [is, takes] = [evidence, policy.mergeEvidence].map((one) => confidenceOf(one).toFixed(2))
  return `all of it together makes ${is}, and it takes ${takes} to join two`
}

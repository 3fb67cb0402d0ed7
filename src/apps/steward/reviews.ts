// What a steward does with questions: lists them, looks at one, claims it, decides it, takes the decision back.
// Invariant: nobody decides what another one has claimed; an answer shows the profiles as they are now.

import { identifierText } from '../../core/index.ts'
import { confidenceOf } from '../../core/policy/evidence-unit.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { QuestionRecord, Verdict, VerdictRecord } from '../../core/profile/view/records.ts'
import { type Answer, Verdicts } from '../../flows/give-verdict.ts'
import type { QuestionPlace } from '../../ports/identity-store.ts'
import type { Account } from '../account/open-account.ts'
import { instant } from '../answers/instant.ts'
import { type Answered, type LookUps, noAnswer } from '../answers/look-ups.ts'
import type { ReviewAnswer, ReviewDetailAnswer, ReviewsAnswer } from '../answers/review-answer.ts'
import { type Claim, Claims } from './claims.ts'
import { contradictionWords, sayingOf, type Steward } from './steward.ts'

export interface Decision {
  readonly verdict: Verdict
  readonly note: string
  readonly seen: { readonly a: number; readonly b: number } | null
}

export interface Page {
  readonly status: 'open' | 'decided'
  readonly after: string | null
  readonly limit: number
}

export class Reviews {
  readonly #account: Account
  readonly #lookUps: Pick<LookUps, 'profile' | 'explain'>
  readonly #verdicts: Verdicts
  readonly #claims = new Claims()

  constructor(
    account: Account,
    lookUps: Pick<LookUps, 'profile' | 'explain'>,
    verdicts: Verdicts = new Verdicts(account),
  ) {
    this.#account = account
    this.#lookUps = lookUps
    this.#verdicts = verdicts
  }

  /** Open ones by worth, decided ones the latest first. */
  async list({ status, after, limit }: Page, now: number): Promise<Answered<ReviewsAnswer>> {
    const place = after === null ? null : placeOf(after)
    if (after !== null && place === null) return NO_PAGE
    await this.#account.resolver.flush()
    const { store } = this.#account
    if (status === 'open') {
      const questions = await store.questions(place, limit)
      const last = questions.length < limit ? undefined : questions.at(-1)
      const reviews = await this.#described(questions.map(ofQuestion), now)
      return { ok: true, value: { reviews, next: last === undefined ? null : cursorOf(last) } }
    }
    const verdicts = await store.verdicts(place?.worth ?? null, limit)
    const last = verdicts.length < limit ? undefined : verdicts.at(-1)
    const reviews = await this.#described(verdicts.map(ofVerdict), now)
    const next = last === undefined ? null : cursorOf({ worth: last.order, id: '' })
    return { ok: true, value: { reviews, next } }
  }

  /** With both profiles and what speaks for one person. */
  async look(id: string, now: number): Promise<Answered<ReviewDetailAnswer>> {
    const found = await this.#find(id, now)
    if (!found.ok) return found
    const review = found.value
    const sites = { sites: null }
    const [a, b] = [review.a.identifier, review.b.identifier]
    const profiles = [await this.#lookUps.profile(a, sites), await this.#lookUps.profile(b, sites)]
    const explained = await this.#lookUps.explain(a, b)
    return {
      ok: true,
      value: {
        ...review,
        profiles: profiles.flatMap((one) => (one.ok ? [one.value] : [])),
        explanation: explained.ok ? explained.value : null,
      },
    }
  }

  async claim(id: string, { name, now }: Steward): Promise<Answered<ReviewAnswer>> {
    const found = await this.#find(id, now)
    if (!found.ok) return found
    if (found.value.status === 'decided') return noAnswer(409, decidedWords(found.value))
    const claim = this.#claims.take(id, name, now)
    if (claim.by !== name) return noAnswer(409, claimedWords(claim))
    return this.#find(id, now)
  }

  async letGo(id: string, { name, now }: Steward): Promise<Answered<ReviewAnswer>> {
    this.#claims.letGo(id, name)
    return this.#find(id, now)
  }

  async decide(
    id: string,
    { verdict, note, seen }: Decision,
    steward: Steward,
  ): Promise<Answered<ReviewAnswer>> {
    const { name, now } = steward
    const claim = this.#claims.of(id, now)
    if (claim !== null && claim.by !== name) return noAnswer(409, claimedWords(claim))
    const asked = { question: id, verdict, note, seen }
    const answer = await this.#verdicts.answer({ ...sayingOf(steward), ...asked })
    if (answer.outcome !== 'stands') return noAnswer(...whyNot(id, answer))
    this.#claims.letGo(id, name)
    return this.#find(id, now)
  }

  async undo(id: string, steward: Steward): Promise<Answered<ReviewAnswer>> {
    const { now } = steward
    const taken = await this.#verdicts.takeBack(id, sayingOf(steward))
    if (taken.outcome === 'not_answered') return noAnswer(404, `nobody has decided ${id}`)
    const found = await this.#find(id, now)
    if (found.ok) return found
    const undone = { ...ofVerdict(taken.verdict), status: 'undone', decision: null } as const
    const [review] = await this.#described([undone], now)
    return review === undefined ? found : { ok: true, value: review }
  }

  async #find(id: string, now: number): Promise<Answered<ReviewAnswer>> {
    const { resolver, store } = this.#account
    await resolver.flush()
    const verdict = await store.verdictOn(id)
    const question = verdict === null ? await store.question(id) : null
    const listed = verdict === null ? question && ofQuestion(question) : ofVerdict(verdict)
    if (listed === null) return noAnswer(404, `nobody asks ${id}: it never was, or is settled`)
    const [review] = await this.#described([listed], now)
    return review === undefined ? NO_PAGE : { ok: true, value: review }
  }

  async #described(listed: readonly Listed[], now: number): Promise<ReviewAnswer[]> {
    const keys = listed.flatMap(({ a, b }) => [a, b])
    const sides = await this.#sidesOf(keys)
    return listed.map(({ a, b, ...rest }) => {
      const claim = this.#claims.of(rest.id, now)
      return {
        ...rest,
        a: sides.get(a) ?? GONE,
        b: sides.get(b) ?? GONE,
        claim: claim && { by: claim.by, until: instant(claim.until) },
      }
    })
  }

  async #sidesOf(keys: readonly Key[]): Promise<ReadonlyMap<Key, ReviewAnswer['a']>> {
    return this.#account.resolver.look(keys, (view) => {
      const sides = new Map<Key, ReviewAnswer['a']>()
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
    })
  }
}

const NO_PAGE = noAnswer(400, '"after" is the "next" of an earlier page')
const GONE = { identifier: '', profile: null, revision: 0, identifiers: 0 } as const

type Listed = Omit<ReviewAnswer, 'a' | 'b' | 'claim'> & { readonly a: Key; readonly b: Key }

function ofQuestion(question: QuestionRecord): Listed {
  const { id, guard, reason, evidence, scoredBy, worth, a, b } = question
  return {
    id,
    status: 'open',
    guard,
    reason,
    probability: confidenceOf(evidence),
    scored_by: scoredBy,
    worth,
    a,
    b,
    decision: null,
  }
}

function ofVerdict({ id, question, verdict, note, author, at, ...sides }: VerdictRecord): Listed {
  return {
    id: question?.id ?? id,
    status: 'decided',
    guard: question?.guard ?? null,
    reason: question?.reason ?? 'decided without a question',
    probability: question === null ? null : confidenceOf(question.evidence),
    scored_by: question?.scoredBy ?? null,
    worth: question?.worth ?? null,
    a: question?.a ?? sides.a[0] ?? '',
    b: question?.b ?? sides.b[0] ?? '',
    decision: { id, verdict, note, author, at: instant(at) },
  }
}

/** Where a page ended, as a text that says nothing to who gets it. */
function cursorOf({ worth, id }: QuestionPlace): string {
  return Buffer.from(`${worth}.${id}`).toString('base64url')
}

function placeOf(cursor: string): QuestionPlace | null {
  const [, worth, id = ''] =
    /^(\d{1,16})\.([\w-]*)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const place = { worth: Number(worth), id }
  return cursorOf(place) === cursor ? place : null
}

function claimedWords({ by, until }: Claim): string {
  return `${by} is looking at it until ${instant(until)}: wait, or ask them`
}

function decidedWords({ decision }: ReviewAnswer): string {
  return decision === null
    ? 'it is decided'
    : `${decision.author} has decided it as ${decision.verdict} at ${decision.at}`
}

type Refused = Exclude<Answer, { outcome: 'stands' }>

function whyNot(id: string, answer: Refused): Parameters<typeof noAnswer> {
  switch (answer.outcome) {
    case 'not_asked':
      return [404, `nobody asks ${id}: it never was, or is settled`]
    case 'changed':
      return [409, 'one of the profiles has changed since it was shown: look at it again']
    case 'answered': {
      const { verdict, author, at } = answer.verdict
      return [409, `${author} has decided it as ${verdict} at ${instant(at)}; undo that first`]
    }
    case 'contradicts':
      return [409, contradictionWords(answer)]
    default:
      return answer satisfies never
  }
}

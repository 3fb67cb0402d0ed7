// What a steward does with questions: lists them, looks at one, claims it, decides it, takes the decision back.
// Invariant: nobody decides what another one has claimed; an answer shows the profiles as they are now.

import { attributesOf } from '../../core/index.ts'
import type { Verdict } from '../../core/profile/view/records.ts'
import { goldenOfMessages } from '../../flows/golden-of.ts'
import type { Answer, Verdicts } from '../../flows/give-verdict.ts'
import { imagine } from '../../flows/make-decree.ts'
import type { Concerned } from '../../flows/preview-decree.ts'
import type { QuestionPlace } from '../../ports/identity-store.ts'
import type { Account } from '../account/account.ts'
import { answerOfProfile } from '../answers/answer-of.ts'
import { findProfile } from '../answers/find-profile.ts'
import { instant } from '../answers/instant.ts'
import { type Answered, type LookUps, noAnswer } from '../answers/look-ups.ts'
import type { ReviewAnswer, ReviewDetailAnswer, ReviewsAnswer } from '../answers/review-answer.ts'
import { type Claim, Claims } from './claims.ts'
import { describeReviews, type Listed, ofQuestion, ofVerdict } from './describe-reviews.ts'
import { FourEyes } from './four-eyes.ts'
import { imagineParts, keysOf, named, previewOf, readConcerned } from './preview.ts'
import { contradictionWords, saidBeforeWords, sayingOf, type Steward } from './steward.ts'

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
  readonly #lookUps: Pick<LookUps, 'explain'>
  readonly #verdicts: Verdicts
  readonly #fourEyes: FourEyes
  readonly #claims = new Claims()

  constructor(account: Account, lookUps: Pick<LookUps, 'explain'>, verdicts: Verdicts) {
    this.#account = account
    this.#lookUps = lookUps
    this.#verdicts = verdicts
    this.#fourEyes = new FourEyes(account)
  }

  /** Open ones by worth, decided ones the latest first. */
  async list({ status, after, limit }: Page, now: number): Promise<Answered<ReviewsAnswer>> {
    const place = after === null ? null : placeOf(after)
    if (after !== null && place === null) return NO_PAGE
    await this.#account.resolver.flush()
    const { store, active } = this.#account
    if (status === 'open') {
      const questions = await store.questions(place, limit)
      const last = questions.length < limit ? undefined : questions.at(-1)
      const reviews = await this.#described(
        questions.map((one) => ofQuestion(one, active.policy)),
        now,
      )
      return { ok: true, value: { reviews, next: last === undefined ? null : cursorOf(last) } }
    }
    const verdicts = await store.verdicts(place?.worth ?? null, limit)
    const last = verdicts.length < limit ? undefined : verdicts.at(-1)
    const reviews = await this.#described(
      verdicts.map((one) => ofVerdict(one, active.policy)),
      now,
    )
    const next = last === undefined ? null : cursorOf({ worth: last.order, id: '' })
    return { ok: true, value: { reviews, next } }
  }

  /** With both profiles, what speaks for one person, and what would come of either answer. */
  async look(id: string, now: number): Promise<Answered<ReviewDetailAnswer>> {
    const found = await this.#find(id, now)
    if (!found.ok) return found
    const review = found.value
    const [a, b] = [review.a.identifier, review.b.identifier]
    const profiles = [await findProfile(this.#account, a), await findProfile(this.#account, b)]
    const there = profiles.flatMap((one) => (one.ok ? [one.value] : []))
    const concerned = await readConcerned(
      this.#account,
      there.map(({ profile }) => profile),
    )
    const explained = await this.#lookUps.explain(a, b)
    const attributes = attributesOf(this.#account.active.settings)
    return {
      ok: true,
      value: {
        ...review,
        profiles: concerned.map(({ profile, own }, i) =>
          answerOfProfile(profile, there[i]?.key ?? null, goldenOfMessages(attributes, own)),
        ),
        explanation: explained.ok ? explained.value : null,
        preview: await this.#preview(review, concerned),
      },
    }
  }

  /** Null for what is not open, and for a side that has gone since. */
  async #preview(
    { id, status }: ReviewAnswer,
    concerned: readonly Concerned[],
  ): Promise<ReviewDetailAnswer['preview']> {
    const [x, y] = concerned
    if (status !== 'open' || x === undefined || y === undefined) return null
    if (x.profile.id === y.profile.id) return null
    const [a, b] = [keysOf(x.profile.identifiers), keysOf(y.profile.identifiers)]
    const wanted = { type: 'verdict', a, b, note: '' } as const
    const same = await previewOf(this.#account, { ...wanted, verdict: 'same' }, concerned, id)
    // Nothing moves by it, so only the groups are told.
    const apart = { ...wanted, verdict: 'different' } as const
    const { groups } = await imagine(imagineParts(this.#account), apart, [...a, ...b])
    const about = [...x.profile.identifiers, ...y.profile.identifiers]
    return {
      same: { profiles: same.profiles, ...same.preview },
      different: { profiles: named(groups, about) },
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
    const assent = this.#fourEyes.assentOf(steward)
    const answer = await this.#verdicts.answer({ ...sayingOf(steward), ...asked }, assent)
    if (answer.outcome !== 'stands' && answer.outcome !== 'awaits')
      return noAnswer(...whyNot(id, answer))
    this.#claims.letGo(id, name)
    return this.#find(id, now)
  }

  async undo(id: string, steward: Steward): Promise<Answered<ReviewAnswer>> {
    const { now } = steward
    const taken = await this.#verdicts.takeBack(id, sayingOf(steward))
    if (taken.outcome === 'not_answered') return noAnswer(404, `nobody has decided ${id}`)
    const found = await this.#find(id, now)
    if (found.ok) return found
    const { policy } = this.#account.active
    const undone = {
      ...ofVerdict(taken.verdict, policy),
      status: 'undone',
      decision: null,
    } as const
    const [review] = await this.#described([undone], now)
    return review === undefined ? found : { ok: true, value: review }
  }

  async #find(id: string, now: number): Promise<Answered<ReviewAnswer>> {
    const { resolver, store, active } = this.#account
    await resolver.flush()
    const verdict = await store.verdictOn(id)
    const question = verdict === null ? await store.question(id) : null
    const { policy } = active
    const listed =
      verdict === null ? question && ofQuestion(question, policy) : ofVerdict(verdict, policy)
    if (listed === null) return noAnswer(404, `nobody asks ${id}: it never was, or is settled`)
    const [review] = await this.#described([listed], now)
    return review === undefined ? NO_PAGE : { ok: true, value: review }
  }

  async #described(listed: readonly Listed[], now: number): Promise<ReviewAnswer[]> {
    const describing = { account: this.#account, verdicts: this.#verdicts }
    const about = { ...describing, claims: this.#claims, fourEyes: this.#fourEyes }
    return describeReviews(about, listed, now)
  }
}

const NO_PAGE = noAnswer(400, '"after" is the "next" of an earlier page')
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
  return `${by} is looking at it, until ${instant(until).slice(11, 16)} UTC at most: wait, or ask them`
}

function decidedWords({ decision }: ReviewAnswer): string {
  return decision === null
    ? 'it is decided'
    : `${decision.author} has decided it as ${decision.verdict} at ${decision.at}`
}

type Refused = Exclude<Answer, { outcome: 'stands' | 'awaits' }>

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
    case 'said_before':
      return [409, saidBeforeWords(answer)]
    default:
      return answer satisfies never
  }
}

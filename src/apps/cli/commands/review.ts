// `review`: the steward's queue from a terminal: what is asked, one question whole, a decision, taking it back.

import { userInfo } from 'node:os'

import { openAccount } from '../../account/open-account.ts'
import { accountLookUps } from '../../answers/account-look-ups.ts'
import type { Answered } from '../../answers/look-ups.ts'
import type {
  ReviewAnswer,
  ReviewDetailAnswer,
  ReviewsAnswer,
} from '../../answers/review-answer.ts'
import { Verdicts } from '../../../flows/give-verdict.ts'
import { Reviews, type Decision, type Page } from '../../steward/reviews.ts'
import { DONE, openOptionsOf, type Invocation } from '../invocation.ts'
import { serverOf } from '../reach-data.ts'
import { answeredBy, clientOf } from '../server-client.ts'
import { valueOf } from '../unanswered.ts'
import { detailLines, listLines, outcomeLine } from '../words/review-words.ts'

/** What a steward does, wherever the data is open. */
interface Desk {
  list(page: Page): Promise<Answered<ReviewsAnswer>>
  look(id: string): Promise<Answered<ReviewDetailAnswer>>
  decide(id: string, decision: Decision): Promise<Answered<ReviewAnswer>>
  undo(id: string): Promise<Answered<ReviewAnswer>>
}

export interface ListOptions {
  readonly decided: boolean
  readonly limit: number
}

export interface DecideOptions {
  readonly note: string
  readonly as: string | undefined
}

export async function listReviews(
  invocation: Invocation,
  { decided, limit }: ListOptions,
): Promise<number> {
  const status = decided ? 'decided' : 'open'
  const page = await atDesk(invocation, undefined, (desk) =>
    desk.list({ status, limit, after: null }),
  )
  say(invocation, page, () => listLines(invocation, page, status))
  return DONE
}

export async function showReview(invocation: Invocation, id: string): Promise<number> {
  const review = await atDesk(invocation, undefined, (desk) => desk.look(id))
  say(invocation, review, () => detailLines(invocation, review))
  return DONE
}

export async function decideReview(
  invocation: Invocation,
  { id, verdict }: { readonly id: string; readonly verdict: Decision['verdict'] },
  { note, as }: DecideOptions,
): Promise<number> {
  const decision = { verdict, note, seen: null }
  const review = await atDesk(invocation, as, (desk) => desk.decide(id, decision))
  say(invocation, review, () => [outcomeLine(review)])
  return DONE
}

export async function undoReview(
  invocation: Invocation,
  id: string,
  { as }: Pick<DecideOptions, 'as'>,
): Promise<number> {
  const review = await atDesk(invocation, as, (desk) => desk.undo(id))
  say(invocation, review, () => [`Taken back: ${id} is asked again.`])
  return DONE
}

function say({ terminal, json }: Invocation, answer: object, lines: () => readonly string[]): void {
  if (json) terminal.say(JSON.stringify(answer))
  else for (const line of lines()) terminal.say(line)
}

/** `as`: who decides; left out, the user of the machine. @throws {UserError} for an answer that is none. */
async function atDesk<T>(
  invocation: Invocation,
  as: string | undefined,
  work: (desk: Desk) => Promise<Answered<T>>,
): Promise<T> {
  const name = as ?? userInfo().username
  const server = await serverOf(invocation)
  if (server !== null) {
    const client = clientOf(server, name)
    const answered = <A>(asking: Promise<A>): Promise<Answered<A>> => answeredBy(server, asking)
    return valueOf(
      await work({
        list: ({ status, limit }) => answered(client.reviews({ status, limit })),
        look: (id) => answered(client.review(id)),
        decide: (id, decision) => answered(client.decideReview(id, decision)),
        undo: (id) => answered(client.undoDecision(id)),
      }),
    )
  }
  const account = await openAccount(invocation.dataDirectory, await openOptionsOf(invocation))
  try {
    const reviews = new Reviews(account, accountLookUps(account), new Verdicts(account))
    const steward = { name, token: null, now: Date.now() }
    const { now } = steward
    return valueOf(
      await work({
        list: (page) => reviews.list(page, now),
        look: (id) => reviews.look(id, now),
        decide: (id, decision) => reviews.decide(id, decision, steward),
        undo: (id) => reviews.undo(id, steward),
      }),
    )
  } finally {
    await account.close()
  }
}

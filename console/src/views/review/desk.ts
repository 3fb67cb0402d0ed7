// What a steward does with a question: claims it by looking, answers it, leaves it to others, takes an answer back.
// Invariant: an answer goes with the revisions that were shown; the server refuses it if one is another now.

import type { ReviewAnswer } from 'selfsame/client'

import { client } from '../../state/client.ts'
import { failureOf, refresh } from '../../state/loaded.ts'
import { say, tried } from '../../state/notices.ts'
import { go, hashOf, placeOf } from '../../state/place.ts'
import { remove, replace } from '../../state/questions.ts'
import { change, type Desk, state } from '../../state/state.ts'

export type Verdict = 'same' | 'different'

export function changeDesk(part: Partial<Desk>): void {
  change({ desk: { ...state.value.desk, ...part } })
}

/**
 * The one after it in the queue, or before it (`by` −1), that was not skipped and nobody else looks at; null at the end.
 * After none: the first one.
 */
export function neighbourOf(id: string | null, by: 1 | -1 = 1): string | null {
  const { questions, desk } = state.value
  const rows = by === 1 ? questions.rows : questions.rows.toReversed()
  const at = rows.findIndex((one) => one.id === id)
  const after = rows.slice(at + 1).find((one) => !desk.skipped.has(one.id) && !isTaken(one))
  return after?.id ?? null
}

function isTaken({ claim: taken }: ReviewAnswer): boolean {
  const { session } = state.value
  if (taken === null || typeof session === 'string') return false
  return taken.by !== session.name && Date.parse(taken.until) > Date.now()
}

export function open(id: string | null): void {
  go(hashOf('review', id))
}

/** Says that one is looking at it. In words why not, where another one is. */
export async function claim(id: string): Promise<string | null> {
  try {
    replace(await client.claimReview(id))
    return null
  } catch (cause) {
    return failureOf(cause).error
  }
}

export async function letGo(id: string): Promise<void> {
  await client.releaseReview(id).then(replace, () => undefined)
}

/** The same of a page that is being closed: nothing waits for the answer. */
export function leaveAtOnce(id: string): void {
  void fetch(`/v1/reviews/${id}/claim`, { method: 'DELETE', keepalive: true })
}

export async function decide(review: ReviewAnswer, verdict: Verdict): Promise<void> {
  const { desk } = state.value
  if (desk.isBusy || review.status !== 'open') return
  const next = neighbourOf(review.id) ?? neighbourOf(null)
  changeDesk({ isBusy: true })
  const seen = { a: review.a.revision, b: review.b.revision }
  const answer = await tried(() =>
    client.decideReview(review.id, { verdict, note: desk.note, seen }),
  )
  changeDesk({ isBusy: false })
  refresh(`review/${review.id}`)
  if (answer === null) return
  if (answer.status === 'open') {
    say('Noted. It takes a second steward, who must say the same.')
    replace(answer)
  } else {
    say(`${verdict === 'same' ? 'Same' : 'Different'}. Press u to undo.`)
    remove(review.id)
    changeDesk({ decided: [...state.value.desk.decided, { id: review.id, note: desk.note }] })
  }
  changeDesk({ note: '' })
  // Unless he has gone elsewhere meanwhile.
  if (placeOf(location.hash).id === review.id) open(next === review.id ? null : next)
}

export async function skip(id: string): Promise<void> {
  const next = neighbourOf(id)
  changeDesk({ skipped: new Set([...state.value.desk.skipped, id]), note: '' })
  open(next)
  await letGo(id)
}

/** Takes the last answer of this sitting back, and shows its question again. */
export async function undoLast(): Promise<void> {
  const { decided } = state.value.desk
  const last = decided.at(-1)
  if (last === undefined) say('There is nothing to undo in this sitting.', 'failed')
  else if (await undo(last.id)) {
    // It may be said again otherwise, for the same reason.
    changeDesk({ note: last.note })
    open(last.id)
  }
}

export async function undo(id: string): Promise<boolean> {
  const undone = await tried(() => client.undoDecision(id))
  if (undone === null) return false
  changeDesk({ decided: state.value.desk.decided.filter((one) => one.id !== id) })
  refresh('review')
  say('Taken back.')
  return true
}

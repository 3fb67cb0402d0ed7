// The queue of open questions, page by page as one scrolls, kept true by the events of the stream.
// Invariant: a question stands in it once; one that was decided or is not asked any more is not in it.

import { useEffect } from 'preact/hooks'

import type { ReviewAnswer } from 'selfsame/client'

import { client } from './client.ts'
import { failureOf } from './loaded.ts'
import { change, type FeedEvent, type Questions, state, useStateOf } from './state.ts'

const PAGE = 100
/** Questions come in bursts; the top of the queue is asked again so long after the first. */
const AGAIN_AFTER_MS = 300

let isAsking = false
/** When each left the queue, ms: an answer that was asked for before may still have it. */
const left = new Map<string, number>()
let waiting = 0

/** The queue; the first page is asked for when nobody has done so. */
export function useQuestions(): Questions {
  useEffect(() => {
    if (state.value.questions.rows.length === 0) void more()
  }, [])
  return useStateOf((now) => now.questions)
}

/** The next page, unless there is none. */
export async function more(): Promise<void> {
  const { next, isWhole } = state.value.questions
  if (isAsking || isWhole) return
  await ask(next)
}

/** An event has arrived; `reset`: any number may have been missed. */
export function queueAfter(event: FeedEvent | 'reset'): void {
  if (event === 'reset' || event.type === 'review.opened' || event.type === 'review.undone') {
    if (event !== 'reset') left.delete(event.review ?? '')
    top()
  } else if (event.type === 'review.closed' || event.type === 'review.decided') {
    remove(event.review ?? '')
  }
}

/** The server answers again. */
export function queueAgain(): void {
  if (state.value.questions.error !== null) top()
}

export function remove(id: string): void {
  const { questions } = state.value
  left.set(id, performance.now())
  const rows = questions.rows.filter((one) => one.id !== id)
  if (rows.length < questions.rows.length) change({ questions: { ...questions, rows } })
  if (rows.length < PAGE / 2) void more()
}

/** Puts what is known of a question now in its place, if it stands in the queue. */
export function replace(review: ReviewAnswer): void {
  const { questions } = state.value
  const rows = questions.rows.map((one) => (one.id === review.id ? review : one))
  change({ questions: { ...questions, rows } })
}

function top(): void {
  if (waiting !== 0) return
  waiting = window.setTimeout(() => {
    waiting = 0
    void ask(null)
  }, AGAIN_AFTER_MS)
}

async function ask(after: string | null): Promise<void> {
  isAsking = true
  const askedAt = performance.now()
  try {
    const { reviews, ...page } = await client.reviews({ limit: PAGE, after: after ?? undefined })
    const open = reviews.filter(({ id }) => (left.get(id) ?? -Infinity) < askedAt)
    const { questions } = state.value
    const isFirst = after === null
    // The top anew: what stood behind it stays, unless it is in the page.
    const known = new Set(open.map(({ id }) => id))
    const others = questions.rows.filter(({ id }) => !known.has(id))
    const rows = isFirst ? [...open, ...others] : [...others, ...open]
    const isOnly = isFirst && others.length === 0
    const next = isFirst && !isOnly ? questions.next : page.next
    change({
      questions: { rows, next, isWhole: isOnly ? page.next === null : next === null, error: null },
    })
  } catch (cause) {
    change({ questions: { ...state.value.questions, error: failureOf(cause).error } })
  } finally {
    isAsking = false
  }
}

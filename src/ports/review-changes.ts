// What a commit does to questions and verdicts, as rows of the feed: a store says what goes and what is put.
// Invariant: what is gone and put again, or put while it is there, gives no row.

import type { QuestionRecord, VerdictRecord } from '../core/profile/view/records.ts'
import type { FeedRow, ReviewEvent } from './identity-store.ts'

/** The words of a question may name identifiers, which can be erased; what the feed has told stays. */
type Question = Pick<QuestionRecord, 'id' | 'guard'>
type Row = Omit<FeedRow, 'sequence'>

/** Of one commit, from its removals on. */
export interface ReviewChanges {
  /** It was there; also where it is about to be put again. */
  questionGone(question: Question): void
  questionPut(question: Question): void
  verdictGone(verdict: VerdictRecord): void
  verdictPut(verdict: VerdictRecord): void
  /** In the order that `feed` has. `now`: ms. */
  rows(now: number): readonly Row[]
}

export function reviewChanges(): ReviewChanges {
  const questions = goneAndPut<Question>()
  const verdicts = goneAndPut<VerdictRecord>()
  return {
    questionGone: questions.goes,
    questionPut: questions.comes,
    verdictGone: verdicts.goes,
    verdictPut: verdicts.comes,
    rows: (now) => {
      const decided = new Set([...verdicts.put.values()].map(subjectOf))
      const closed = [...questions.gone.values()]
        .filter(({ id }) => !decided.has(id))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      return [
        ...closed.map(({ id, guard }) => row('review.closed', id, now, guard)),
        ...[...questions.put.values()].map(({ id, guard }) => row('review.opened', id, now, guard)),
        ...[...verdicts.gone.values()].map((one) =>
          row('review.undone', subjectOf(one), now, wordsOf(one)),
        ),
        ...[...verdicts.put.values()].map((one) =>
          row('review.decided', subjectOf(one), one.at, wordsOf(one)),
        ),
      ]
    },
  }
}

/** What was there and is not, and what is there and was not, by id. */
function goneAndPut<T extends { readonly id: string }>() {
  const gone = new Map<string, T>()
  const put = new Map<string, T>()
  return {
    gone,
    put,
    goes: (one: T): void => void gone.set(one.id, one),
    comes: (one: T): void => {
      if (!gone.delete(one.id)) put.set(one.id, one)
    },
  }
}

function subjectOf({ id, question }: VerdictRecord): string {
  return question?.id ?? id
}

/** Without the note, which is for stewards. */
function wordsOf({ verdict, author }: VerdictRecord): string {
  return `${verdict}, by ${author}`
}

function row(event: ReviewEvent, subject: string, at: number, reason: string): Row {
  return { event, subject, revision: 0, from: [], at, reason }
}

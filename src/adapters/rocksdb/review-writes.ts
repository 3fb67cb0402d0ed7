// Writes questions and verdicts with the orders they are listed in, and says what became of them.

import type { QuestionRecord, VerdictRecord } from '../../core/profile/view/records.ts'
import type { Commit } from '../../ports/identity-store.ts'
import type { ReviewChanges } from '../../ports/review-changes.ts'
import { byBytes, byKey, byText, byTextAnd, inverted, numberBytes } from './keys.ts'
import { jsonValue } from './rows.ts'
import type { Transaction } from './transaction.ts'

export function writeReviews(
  transaction: Transaction,
  reviews: ReviewChanges,
  commit: Commit,
): void {
  for (const id of [...commit.questionsRemoved, ...commit.questions.map((one) => one.id)])
    removeQuestion(transaction, reviews, id)
  for (const question of commit.questions) putQuestion(transaction, reviews, question)
  for (const id of [...commit.verdictsRemoved, ...commit.verdicts.map((one) => one.id)])
    removeVerdict(transaction, reviews, id)
  for (const verdict of commit.verdicts) putVerdict(transaction, reviews, verdict)
}

export function removeQuestion(transaction: Transaction, reviews: ReviewChanges, id: string): void {
  const value = transaction.get(byText('question', id))
  if (value === undefined) return
  const question = questionOf(value)
  transaction.tally.questions--
  transaction.delete(byText('question', id))
  transaction.delete(worthRow(question))
  for (const side of [question.a, question.b])
    transaction.removeId(byKey('questionsOf', side), question.id)
  reviews.questionGone(question)
}

function putQuestion(
  transaction: Transaction,
  reviews: ReviewChanges,
  question: QuestionRecord,
): void {
  transaction.tally.questions++
  transaction.put(byText('question', question.id), jsonValue(question))
  transaction.put(worthRow(question))
  for (const side of [question.a, question.b])
    transaction.addId(byKey('questionsOf', side), question.id)
  reviews.questionPut(question)
}

function removeVerdict(transaction: Transaction, reviews: ReviewChanges, id: string): void {
  const value = transaction.get(byText('verdict', id))
  if (value === undefined) return
  const verdict = verdictOf(value)
  transaction.tally.verdicts--
  transaction.delete(byText('verdict', id))
  for (const row of orderRows(verdict)) transaction.delete(row)
  for (const member of [...verdict.a, ...verdict.b])
    transaction.removeId(byKey('verdictsOf', member), id)
  reviews.verdictGone(verdict)
}

function putVerdict(
  transaction: Transaction,
  reviews: ReviewChanges,
  verdict: VerdictRecord,
): void {
  transaction.tally.verdicts++
  transaction.put(byText('verdict', verdict.id), jsonValue(verdict))
  for (const row of orderRows(verdict)) transaction.put(row, Buffer.from(verdict.id))
  for (const member of [...verdict.a, ...verdict.b])
    transaction.addId(byKey('verdictsOf', member), verdict.id)
  reviews.verdictPut(verdict)
}

export function questionOf(value: Buffer): QuestionRecord {
  return JSON.parse(value.toString()) as QuestionRecord
}

export function verdictOf(value: Buffer): VerdictRecord {
  return JSON.parse(value.toString()) as VerdictRecord
}

/** What is worth most comes first. */
export function worthRow({ worth, id }: Pick<QuestionRecord, 'worth' | 'id'>): Buffer {
  return byBytes('questionsByWorth', inverted(numberBytes(worth)), Buffer.from(id))
}

function orderRows({ id, order, question }: VerdictRecord): readonly Buffer[] {
  const place = Buffer.concat([numberBytes(order), Buffer.from(id)])
  const all = byBytes('verdictsByOrder', place)
  return question === null ? [all] : [all, byTextAnd('verdictsByQuestion', question.id, place)]
}

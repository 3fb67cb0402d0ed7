// Questions to a steward in words: the queue as a table, one of them whole.

import type {
  ReviewAnswer,
  ReviewDetailAnswer,
  ReviewsAnswer,
} from '../../answers/review-answer.ts'
import type { Invocation } from '../invocation.ts'
import { counted, minute, share } from '../terminal/numbers.ts'
import { oneLine, tableLines } from '../terminal/table.ts'
import { wrapped } from '../terminal/wrap.ts'
import { explanationLines } from './explanation-words.ts'
import { profileLines } from './profile-words.ts'

export function listLines(
  { terminal, calledAs, dataTyped }: Invocation,
  { reviews, next }: ReviewsAnswer,
  status: ReviewAnswer['status'],
): string[] {
  if (reviews.length === 0)
    return [status === 'open' ? 'Nothing is asked.' : 'Nothing has been decided.']
  const rows = reviews.map((one) => [
    one.id,
    one.probability === null ? '' : share(one.probability),
    sizes(one),
    oneLine(one.decision === null ? one.reason : decisionText(one.decision)),
  ])
  const columns = [
    { head: 'REVIEW', widthMin: 24 },
    { head: 'SAME', align: 'right' as const },
    { head: 'SIZES' },
    { head: status === 'open' ? 'WHY IT IS ASKED' : 'DECIDED', widthMin: 30 },
  ]
  return [
    ...tableLines(columns, rows, terminal.width),
    ...(next === null ? [] : ['There are more: --limit.']),
    `Look at one: ${calledAs} review show ${reviews[0]?.id ?? 'ID'}${dataTyped}`,
  ]
}

/** Identifiers on either side. */
function sizes({ a, b }: ReviewAnswer): string {
  return `${a.identifiers} + ${b.identifiers}`
}

function decisionText({
  verdict,
  author,
  at,
  note,
}: NonNullable<ReviewAnswer['decision']>): string {
  return `${verdict} by ${author}, ${minute(at)}${note === '' ? '' : `: ${note}`}`
}

export function detailLines(
  { terminal, calledAs, dataTyped }: Invocation,
  review: ReviewDetailAnswer,
): string[] {
  const { id, reason, a, b, profiles, explanation, decision, claim } = review
  return [
    terminal.paint('bold', 'Are these two one person?'),
    ...wrapped(oneLine(`Asked since: ${reason}`), terminal.width, ''),
    ...(claim === null ? [] : [`${claim.by} is looking at it until ${minute(claim.until)}.`]),
    ...(decision === null ? [] : [`Decided as ${decisionText(decision)}.`]),
    ...profiles.flatMap((profile, i) => [
      '',
      ...profileLines(terminal, profile, (i === 0 ? a : b).identifier),
    ]),
    '',
    ...(explanation === null
      ? []
      : explanationLines(terminal, explanation, { a: a.identifier, b: b.identifier })),
    '',
    decision === null
      ? `Decide: ${calledAs} review decide ${id} same|different --note "why"${dataTyped}`
      : `Take it back: ${calledAs} review undo ${id}${dataTyped}`,
  ]
}

export function outcomeLine({ id, a, b, decision }: ReviewAnswer): string {
  const now =
    a.profile === b.profile
      ? `both are ${a.profile ?? 'gone'} now, of ${counted(a.identifiers, 'identifier')}`
      : `${a.profile ?? 'gone'} and ${b.profile ?? 'gone'} stay apart`
  return `${id} is decided as ${decision?.verdict ?? 'nothing'}: ${now}.`
}

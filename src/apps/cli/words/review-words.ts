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
  const { id, reason, a, b, profiles, explanation, decision, claim, guard_words: words } = review
  return [
    terminal.paint('bold', 'Are these two one person?'),
    ...wrapped(oneLine(`Asked since: ${reason}`), terminal.width, ''),
    ...(words === null ? [] : wrapped(`Not joined since ${words}.`, terminal.width, '')),
    ...impliedLines(terminal.width, review),
    ...secondLines(terminal.width, review),
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
    ...previewLines(terminal.width, review),
    '',
    decision === null
      ? `Decide: ${calledAs} review decide ${id} same|different --note "why"${dataTyped}`
      : `Take it back: ${calledAs} review undo ${id}${dataTyped}`,
  ]
}

function impliedLines(width: number, { implied }: ReviewDetailAnswer): string[] {
  if (implied === null) return []
  const said = implied.chain.map(decisionText).join('; then ')
  const words = `Earlier decisions say already that they are ${WORDS[implied.verdict]}: ${said}.`
  return wrapped(oneLine(words), width, '')
}

const WORDS = { same: 'the same', different: 'different' } as const

function secondLines(width: number, { a, b, second }: ReviewDetailAnswer): string[] {
  if (second === null) return []
  const { by, at, note } = second
  const size = counted(a.identifiers + b.identifiers, 'identifier')
  const takes = `A merge to ${size} takes two stewards (from ${second.from} on)`
  const said =
    by === null || at === null
      ? 'nobody has said "same" yet'
      : `${by} has said "same", ${minute(at)}${note === null || note === '' ? '' : `: ${note}`}`
  return wrapped(oneLine(`${takes}; ${said}.`), width, '')
}

/** Values of a golden record that are shown; the answer for machines has all. */
const CHANGES_SHOWN = 5

function previewLines(width: number, { preview }: ReviewDetailAnswer): string[] {
  if (preview === null) return []
  const { survives, gives_way: ways, settles, golden_changes: changes, ...same } = preview.same
  if (same.identifiers_moved.length === 0)
    return ['', 'If they are the same: they stay apart all the same.']
  const moved = `${counted(same.identifiers_moved.length, 'identifier')} and ${
    same.events_moved_more ? 'at least ' : ''
  }${counted(same.events_moved, 'message')}`
  const known = changes.map(
    ({ attribute, before, after }) => `${attribute} ${textOf(before)} → ${textOf(after)}`,
  )
  const more = known.length > CHANGES_SHOWN ? [`${known.length - CHANGES_SHOWN} more`] : []
  const told = [
    `${survives ?? 'a new profile'} goes on, with ${moved} of ${ways.join(', ')} besides`,
    ...(known.length === 0
      ? []
      : [`what is known changes: ${[...known.slice(0, CHANGES_SHOWN), ...more].join(', ')}`]),
    ...(settles.length === 0 ? [] : [`it settles ${settles.join(', ')} too`]),
  ]
  return ['', ...wrapped(oneLine(`If they are the same: ${told.join('; ')}.`), width, '')]
}

function textOf(value: string | readonly string[] | null): string {
  if (value === null) return 'nothing'
  return typeof value === 'string' ? value : value.join(', ')
}

export function outcomeLine(review: ReviewAnswer): string {
  const { id, a, b, decision, second } = review
  if (decision === null) {
    const who = second?.by ?? 'one'
    return `${id} is not decided yet: ${who} has said "same", and so large a merge takes a second steward.`
  }
  const now =
    a.profile === b.profile
      ? `both are ${a.profile ?? 'gone'} now, of ${counted(a.identifiers, 'identifier')}`
      : `${a.profile ?? 'gone'} and ${b.profile ?? 'gone'} stay apart`
  return `${id} is decided as ${decision.verdict}: ${now}.`
}

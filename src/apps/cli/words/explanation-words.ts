// Why two identifiers are one person, or are not, as lines for a person.

import type { ExplanationAnswer } from '../../answers/explanation-answer.ts'
import { counted, minute, share } from '../terminal/numbers.ts'
import { oneLine } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { namesFor } from './names.ts'
import { modelLines } from './waterfall-words.ts'

type Edge = ExplanationAnswer['path'][number]

/** What the person typed for the two ends. */
export interface TypedEnds {
  readonly a: string
  readonly b: string
}

/** `isOneOfMany`: without the tables of what a model compares. */
export function explanationLines(
  terminal: Terminal,
  explanation: ExplanationAnswer,
  typed: TypedEnds,
  isOneOfMany = false,
): string[] {
  const name = namesFor(
    new Map([
      [explanation.a, typed.a],
      [explanation.b, typed.b],
    ]),
  )
  const { together, path, refusal, model } = explanation
  const verdict = together
    ? `${typed.a} and ${typed.b} are one person.`
    : `${typed.a} and ${typed.b} are not known to be one person.`
  const lines = [terminal.paint('bold', verdict)]
  if (path.length > 0) lines.push('', ...pathLines(terminal, explanation, name), '')
  if (together) lines.push(...withoutLines(explanation))
  else if (refusal !== null)
    lines.push(`Kept apart by a guard (${refusal.guard}): ${refusal.reason}.`)
  else if (path.length === 0) lines.push('No login, form or link ties them together.')
  if (model !== null) lines.push(...modelLines(terminal, model, { together, name, isOneOfMany }))
  else if (!together || path.length === 0) lines.push(...signalLines(explanation))
  return lines.map((line) => (line.includes('\u001b') ? line : oneLine(line)))
}

function pathLines(
  terminal: Terminal,
  { a, path, weakest }: ExplanationAnswer,
  name: (text: string) => string,
): string[] {
  const lines = [`  ${name(a)}`]
  let at = a
  path.forEach((edge, i) => {
    // Where a steward's word alone holds a part together, no edge leads through it.
    if (edge.from !== at && edge.to !== at) {
      lines.push('    │ said to be one', `  ${name(edge.from)}`)
      at = edge.from
    }
    const mark =
      i === weakest && path.length > 1 ? terminal.paint('yellow', '  ← the weakest link') : ''
    lines.push(`    │ ${edgeWords(edge)}${mark}`)
    at = edge.from === at ? edge.to : edge.from
    lines.push(`  ${name(at)}`)
  })
  return lines
}

function edgeWords(edge: Edge): string {
  const { kind, confidence, cut, count, first_seen, last_seen, sites } = edge
  if (edge.scored_by !== null) return `alike ${share(confidence, 2)}, by model ${edge.scored_by}`
  const [first, last] = [minute(first_seen), minute(last_seen)]
  const when = first === last ? first : `${first} to ${last}`
  const worth = cut === null ? share(confidence, 2) : `cut: ${cut}`
  return `${kind} ${worth}, ${counted(count, 'time')}, ${when}, on ${sites.join(', ')}`
}

function withoutLines({ path, weakest }: ExplanationAnswer): string[] {
  const edge = weakest === null ? undefined : path[weakest]
  if (edge === undefined) return []
  if (edge.without_it.length === 0) return []
  const link = path.length > 1 ? 'the weakest link' : 'this link'
  const parts = edge.without_it
  return parts.length > 1
    ? [`Without ${link} the profile would fall into parts of ${parts.join(' and ')} identifiers.`]
    : [`Without ${link} the profile would hold: there is another way.`]
}

function signalLines({
  signals,
  score,
  threshold,
  question_from: from,
}: ExplanationAnswer): string[] {
  if (signals.length === 0) return []
  const shared = signals.map(({ name, confidence }) => `${name} ${share(confidence, 2)}`).join(', ')
  const limits = `a join takes ${share(threshold, 2)}, a question ${share(from, 2)}`
  return [`What they have in common: ${shared}; together ${share(score, 2)} (${limits}).`]
}

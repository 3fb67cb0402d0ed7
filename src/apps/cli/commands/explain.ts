// `explain`: why two identifiers are one person or are not; of one alone, why it is in its profile.

import { DONE, type Invocation } from '../invocation.ts'
import { withLookUps } from '../reach-data.ts'
import { counted } from '../terminal/numbers.ts'
import { valueOf } from '../unanswered.ts'
import { explanationLines } from '../words/explanation-words.ts'
import { namesFor } from '../words/names.ts'

export async function explain(
  invocation: Invocation,
  a: string,
  b: string | null,
): Promise<number> {
  return b === null ? explainOne(invocation, a) : explainTwo(invocation, a, b)
}

async function explainTwo(invocation: Invocation, a: string, b: string): Promise<number> {
  const { terminal, json } = invocation
  const explanation = await withLookUps(invocation, async (ups) => valueOf(await ups.explain(a, b)))
  if (json) {
    terminal.say(JSON.stringify(explanation))
    return DONE
  }
  const name = namesFor(new Map())
  // Of a profile one identifier is explained: which one must be seen.
  const typed = { a: isId(a) ? name(explanation.a) : a, b: isId(b) ? name(explanation.b) : b }
  for (const line of explanationLines(terminal, explanation, typed)) terminal.say(line)
  return DONE
}

function isId(asked: string): boolean {
  return asked.startsWith('prf_')
}

async function explainOne(invocation: Invocation, asked: string): Promise<number> {
  const { terminal, json } = invocation
  const membership = await withLookUps(invocation, async (lookUps) =>
    valueOf(await lookUps.explainMembership(asked)),
  )
  if (json) {
    terminal.say(JSON.stringify(membership))
    return DONE
  }
  const { profile, explanations } = membership
  const others = counted(profile.identifiers.length - 1, 'other identifier')
  terminal.say(`${asked} is in the profile ${profile.id} with ${others}.`)
  if (profile.shared_because !== null)
    terminal.say(`It is shared and joins nobody: ${profile.shared_because}.`)
  const name = namesFor(new Map())
  for (const explanation of explanations) {
    const a = isId(asked) ? name(explanation.a) : asked
    const typed = { a, b: name(explanation.b) }
    terminal.say('')
    for (const line of explanationLines(terminal, explanation, typed, true)) terminal.say(line)
  }
  return DONE
}

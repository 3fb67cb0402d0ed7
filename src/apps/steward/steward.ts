// Who decides, and what they are told where a verdict cannot stand.

import { randomUUID } from 'node:crypto'

import type { Said } from '../../flows/give-verdict.ts'
import type { Saying } from '../../flows/make-decree.ts'
import { instant } from '../answers/instant.ts'

export interface Steward {
  /** Who it is, for people and for the log. */
  readonly name: string
  /** Id of the token they came with; null for an operator, who is known by name only. */
  readonly token: string | null
  /** ms */
  readonly now: number
}

/** A decision of theirs, under an id of its own. */
export function sayingOf({ name, now }: Steward): Saying {
  return { id: `dec_${randomUUID()}`, at: now, author: name }
}

export function contradictionWords({ chain }: Extract<Said, { outcome: 'contradicts' }>): string {
  const said = chain.map(({ verdict, author, at }) => `${verdict} by ${author} at ${instant(at)}`)
  return `it contradicts what was said before: ${said.join('; ')}. Undo one of these first`
}

export function saidBeforeWords({ at }: Extract<Said, { outcome: 'said_before' }>): string {
  return `you have said so already, at ${instant(at)}: so large a merge takes another steward now`
}

// The decisions of the log, replayed: which verdicts stand, who is in quarantine, who was erased and when.

import type { Decree } from '../core/profile/apply-decree.ts'
import type { Key } from '../core/identifier/identifier.ts'
import type { VerdictRecord } from '../core/profile/view/records.ts'
import type { Erased } from './stages/log.ts'

/** A decision record of the log. */
export interface Decided {
  readonly position: number
  readonly id: string
  /** ms */
  readonly at: number
  readonly author: string
  readonly decree: Decree
}

export interface Standing {
  readonly verdicts: readonly VerdictRecord[]
  /** Key -> position of the latest quarantine; one of an identifier that nobody had seen by then is void. */
  readonly quarantined: ReadonlyMap<Key, number>
  readonly erased: readonly Erased[]
  /** Positions at which what came before must be told from what came after. */
  readonly cuts: readonly number[]
}

/** Decisions in the order of the log. */
export function standingOf(decisions: readonly Decided[]): Standing {
  const verdicts = new Map<string, VerdictRecord>()
  const quarantined = new Map<Key, number>()
  const erased: Erased[] = []
  const cuts: number[] = []
  for (const { position, id, at, author, decree } of decisions) {
    switch (decree.type) {
      case 'verdict': {
        const { verdict, a, b, note, question = null } = decree
        verdicts.set(id, { id, question, verdict, a, b, order: position, at, author, note })
        break
      }
      case 'undo':
        verdicts.delete(decree.of)
        break
      case 'quarantine':
        quarantined.set(decree.identifier, position)
        cuts.push(position)
        break
      case 'release':
        quarantined.delete(decree.identifier)
        break
      case 'erasure':
        for (const key of decree.identifiers) {
          erased.push({ key, before: position })
          quarantined.delete(key)
        }
        cuts.push(position)
        break
      case 'policy':
        break
      default:
        decree satisfies never
    }
  }
  return { verdicts: [...verdicts.values()], quarantined, erased, cuts }
}

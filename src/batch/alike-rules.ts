// The numbers of a policy by which pairs are weighed and guards refuse, as small tables.

import { damping } from '../core/evidence/crowd.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Dialect } from '../ports/batch-engine.ts'
import { signals, table } from './policy-tables.ts'

interface Step {
  /** Days with at most so many people. */
  readonly ceiling: number
  /** What is left of a witness's word on the fullest of them. */
  readonly permille: number
  /** Whether they bring up pairs. */
  readonly candidate: boolean
}

/** The steps in which a crowd damps a witness. Only days with an ip bring up pairs: see `alikeStages`. */
function stepsOf(policy: Policy, type: string): readonly Step[] {
  const rule = policy.types.get(type)
  if (rule === undefined) throw new Error(`a policy without ${type}`)
  const { crowdFull, crowdVoid } = rule
  const ceilings = [crowdFull, crowdFull * 2, crowdFull * 5, crowdVoid]
  if (type === 'ip') ceilings.push(policy.candidateAnchorsMax)
  return [...new Set(ceilings)]
    .toSorted((x, y) => x - y)
    .map((ceiling) => ({
      ceiling,
      permille: damping(ceiling, rule),
      candidate: type === 'ip' && ceiling <= policy.candidateAnchorsMax,
    }))
    .filter(({ permille }) => permille > 0)
}

/**
 * type, above (the ceiling below it), ceiling, permille, candidate (0 or 1). The nearest two sightings on days within a ceiling are worth at least this
 * much, and the best of all ceilings is exactly what the best two sightings are worth.
 */
export function stepRuleSql(d: Dialect, policy: Policy): string {
  const rows = signals(policy).flatMap(([type]) =>
    stepsOf(policy, type).map(({ ceiling, permille, candidate }, i, steps) => [
      type,
      steps[i - 1]?.ceiling ?? -1,
      ceiling,
      permille,
      candidate ? 1 : 0,
    ]),
  )
  return table(d, ['type', 'above', 'ceiling', 'permille', 'candidate'], rows)
}

/** People that an ip may have had on a day to bring up pairs; −1 where none does. */
export function bringsUpMax(policy: Policy): number {
  return stepsOf(policy, 'ip').reduce(
    (most, { ceiling, candidate }) => (candidate ? Math.max(most, ceiling) : most),
    -1,
  )
}

/** Whether an ip alone, however close in time, is enough for a question. */
export function ipSuffices({ signals: { ip }, questionEvidence }: Policy): boolean {
  return Math.max(ip.evidence, ip.crossSiteEvidence) >= questionEvidence
}

/** type, most: values of a type in one profile. */
export function capRuleSql(d: Dialect, policy: Policy): string {
  const capped = [...policy.types].filter(([, { perProfileMax }]) => perProfileMax > 0)
  const rows = capped.map(([type, { perProfileMax }]) => [type, perProfileMax])
  // A table must have a row; no type is empty.
  return table(d, ['type', 'most'], [...rows, ['', 0]])
}

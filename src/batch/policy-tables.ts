// The numbers of a policy as small tables, so that the stages' text is the same under any policy.

import { aged } from '../core/evidence/ageing.ts'
import type { Policy, SignalRule } from '../core/policy/policy.ts'
import {
  MEMBER_EDGE_KINDS,
  type StoredEdgeKind,
  WITNESS_EDGE_KINDS,
} from '../core/policy/edge-kind.ts'
import type { Dialect } from '../ports/batch-engine.ts'

/** Codes of edge kinds in the arrays and tables of a run. */
export const KINDS = [...MEMBER_EDGE_KINDS, ...WITNESS_EDGE_KINDS] as const

export function codeOfKind(kind: StoredEdgeKind): number {
  return KINDS.indexOf(kind)
}

/** Code of what a model has joined by: no edge of the graph, and worth what it says each time. */
export const ALIKE_KIND = KINDS.length

type Value = string | number | boolean

/** A table of literals. It must have a row. */
export function table(
  dialect: Dialect,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
): string {
  const literal = (value: Value): string =>
    typeof value === 'string' ? dialect.text(value) : String(value)
  const lines = rows.map((row) => `(${row.map(literal).join(', ')})`)
  return `SELECT * FROM (VALUES ${lines.join(',\n  ')}) AS rules(${columns.join(', ')})`
}

/** kind, its code, what an edge of it is worth, whether it joins members, whether it shows that somebody has the contact. */
export function kindRuleSql(dialect: Dialect, policy: Policy): string {
  const members: ReadonlySet<string> = new Set(MEMBER_EDGE_KINDS)
  const rows = KINDS.map((kind, code) => [
    kind,
    code,
    policy.edgeEvidence[kind] ?? 0,
    members.has(kind),
    kind === 'login' || kind === 'checkout',
  ])
  const alike = ['alike', ALIKE_KIND, 0, false, false]
  return table(dialect, ['kind', 'code', 'evidence', 'member', 'login'], [...rows, alike])
}

/** type, its code and what the policy says of it. `cross_site`: the most an edge is worth on a second site; 0: as on the first. */
export function typeRuleSql(dialect: Dialect, policy: Policy): string {
  const rows = [...policy.types].map(([type, rule], code) => [
    type,
    code,
    rule.role === 'member',
    rule.rank,
    type === 'email' ? 1 : rule.perProfileMax,
    rule.reassignedAfterDays,
    rule.crossSiteEvidence,
    rule.crowdFull,
    rule.crowdVoid,
  ])
  const columns = [
    'type',
    'code',
    'member',
    'rank',
    'slot_max',
    'era_days',
    'cross_site',
    'crowd_full',
    'crowd_void',
  ]
  return table(dialect, columns, rows)
}

/** Namespaces of which a person has one value. */
export function uniqueNamespaceSql(dialect: Dialect, policy: Policy): string {
  const unique = [...policy.namespaces].filter(([, rule]) => rule.unique).map(([name]) => [name])
  // A table must have a row; no namespace is empty.
  return table(dialect, ['namespace'], [...unique, ['']])
}

/** What is left of each signal over a gap of so many hours, for cookies with a site in common and without. */
export function ageingSql(dialect: Dialect, policy: Policy): string {
  const rows: Value[][] = []
  for (const [signal, rule] of signals(policy)) {
    for (let gap = 0; gap <= rule.windowDays * 24; gap++) {
      rows.push([
        signal,
        gap,
        aged(rule.evidence, gap, rule.halfLifeHours),
        aged(rule.crossSiteEvidence, gap, rule.halfLifeHours),
      ])
    }
  }
  return table(dialect, ['type', 'gap', 'together', 'apart'], rows)
}

/** Identifier type of each signal, and its rule. */
export function signals(policy: Policy): readonly (readonly [string, SignalRule])[] {
  return [
    ['ip', policy.signals.ip],
    ['device_signature', policy.signals.signature],
  ]
}

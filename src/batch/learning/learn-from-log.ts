// From the tables of a run to what it has learned: labels of the pairs its groups answer, a model, and its name.

import type { Digest, Key } from '../../core/identifier/identifier.ts'
import { documentOf } from '../../core/evidence/learned/model-document.ts'
import type { Knowledge } from '../../core/policy/knowledge.ts'
import type { VerdictRecord } from '../../core/profile/view/records.ts'
import type { BatchEngine } from '../../ports/batch-engine.ts'
import type { Pairs } from '../evidence/candidates.ts'
import type { WeighedPairs } from '../evidence/weigh-pairs.ts'
import { inStage } from '../stage.ts'
import { type Held, type Labelled, labelPairs, type Ruled } from './labels.ts'
import { learn, type Learned, type LearnLimits, type Training } from './learn.ts'

/** How a run learns. */
export interface Learning {
  readonly limits: LearnLimits
  readonly digest: Digest
  /** What the name of the knowledge begins with, beside the model: where it was learned from, and up to where. */
  readonly of: string
  /** ms */
  readonly now: () => number
}

export interface LearnedFromLog {
  /** Null where the model could not be shown to be good enough. */
  readonly knowledge: Knowledge | null
  readonly training: Training
}

export interface AnswersInput {
  /** By node, the smallest member of its group. */
  readonly groupOf: Int32Array
  readonly verdicts: readonly VerdictRecord[]
  /** Members that decisions name. */
  readonly singled: ReadonlyMap<Key, number>
}

const VERSION_CHARACTERS = 12

/** Needs the tables of a partition up to `member`. */
export async function learnFromLog(
  engine: BatchEngine,
  weighed: WeighedPairs,
  answers: AnswersInput,
  { limits, digest, of, now }: Learning,
): Promise<LearnedFromLog> {
  const began = now()
  const { model, training: found } = await fitToLog(engine, weighed, answers, limits)
  const training = { ...found, seconds: (now() - began) / 1_000 }
  if (model === null || training.refused !== null) return { knowledge: null, training }
  const named = digest(`${of}\n${JSON.stringify(documentOf(model))}`)
  const version = named.slice(0, VERSION_CHARACTERS)
  return { knowledge: { version, model, witnesses: weighed.known, stopped: false }, training }
}

/** The same, also where the model may not be used. */
export async function fitToLog(
  engine: BatchEngine,
  { pairs, bins }: Pick<WeighedPairs, 'pairs' | 'bins'>,
  answers: AnswersInput,
  limits: LearnLimits,
): Promise<Learned> {
  const labelled = await labelledPairs(engine, pairs, answers)
  const { groupOf } = answers
  const membersOf = await countIn(engine, groupOf, MEMBERS_SQL)
  return learn({ pairs, bins, labelled, groupOf, membersOf }, limits)
}

/** What the data itself answers of pairs. */
export async function labelledPairs(
  engine: BatchEngine,
  pairs: Pairs,
  { groupOf, verdicts, singled }: AnswersInput,
): Promise<Labelled> {
  const held = await heldBy(engine, groupOf)
  return labelPairs(pairs, groupOf, held, ruledBy(verdicts, singled, groupOf))
}

/** Ids of which a person has one, by namespace from 1; slot 0: e-mails that were logged in with. */
const HELD_SQL = `
SELECT i.node, CAST(dense_rank() OVER (ORDER BY i.namespace) AS INTEGER)
FROM identifier i
JOIN unique_namespace u ON u.namespace = split_part(i.namespace, '@', 1)
WHERE i.type = 'external_id'
UNION ALL
SELECT DISTINCT i.node, 0
FROM edge e
JOIN kind_rule k ON k.code = e.kind AND k.login
JOIN identifier i ON i.node = e.to_node AND i.type = 'email'`

export async function heldBy(engine: BatchEngine, groupOf: Int32Array): Promise<Held> {
  const [value = NONE, slot = NONE] = await inStage('learned', HELD_SQL, () =>
    engine.integers(HELD_SQL),
  )
  return { group: value.map((node) => groupOf[node] ?? node), slot, value }
}

const NONE = new Int32Array(0)

const MEMBERS_SQL = 'SELECT node FROM member'
const COOKIES_SQL = 'SELECT node FROM member WHERE cookie = 1'

/** By smallest member of a group: how many cookies it has. */
export function cookiesIn(engine: BatchEngine, groupOf: Int32Array): Promise<Int32Array> {
  return countIn(engine, groupOf, COOKIES_SQL)
}

async function countIn(engine: BatchEngine, groupOf: Int32Array, sql: string): Promise<Int32Array> {
  const [nodes = NONE] = await inStage('learned', sql, () => engine.integers(sql))
  const count = new Int32Array(groupOf.length)
  for (const node of nodes) {
    const group = groupOf[node] ?? node
    count[group] = (count[group] ?? 0) + 1
  }
  return count
}

/** What verdicts say of groups; `singled`: nodes of the members they name. */
export function ruledBy(
  verdicts: readonly VerdictRecord[],
  singled: ReadonlyMap<Key, number>,
  groupOf: Int32Array,
): readonly Ruled[] {
  const nodes = (keys: readonly Key[]): ReadonlySet<number> =>
    new Set(keys.flatMap((key) => singled.get(key) ?? []))
  const groups = (of: ReadonlySet<number>): ReadonlySet<number> =>
    new Set([...of].map((node) => groupOf[node] ?? node))
  return verdicts.flatMap(({ verdict, ...sides }) => {
    const between = [nodes(sides.a), nodes(sides.b)] as const
    const [these, those] = [groups(between[0]), groups(between[1])]
    return [...these].flatMap((a) =>
      [...those].flatMap((b): readonly Ruled[] => {
        if (a !== b) return [{ a, b, same: verdict === 'same' }]
        // A "different" whose sides are one group has given way to a later "same".
        return verdict === 'same' ? [{ a, b, same: true, between }] : []
      }),
    )
  })
}

// What a run asks about, held against the core's own weighing of the same pairs, over small random worlds.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apart, messageOf, withLog } from '../../test/batch/engine.ts'
import { play } from '../../test/worlds/play.ts'
import { smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import type { Fact } from '../core/edge/fact.ts'
import { mergeSignals, noSignals, pairEvidence, type PairSignals } from '../core/evidence/pair.ts'
import type { Key } from '../core/identifier/identifier.ts'
import { evidenceOf } from '../core/policy/evidence-unit.ts'
import type { Policy } from '../core/policy/policy.ts'
import { signalsOf } from '../core/profile/alike/candidates.ts'
import { componentOf } from '../core/profile/component.ts'
import { guardAgainst, type Side } from '../core/profile/guards.ts'
import { newPass, type Pass } from '../core/profile/view/neighbours.ts'
import { stageA } from '../core/profile/stage-a.ts'
import type { View, ViewNode } from '../core/profile/view/view.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import { eachOthersBest } from './alike.ts'
import type { Supported } from './alike-reason.ts'
import { standingOf } from './decrees.ts'
import { partition } from './partition.ts'
import { makeStages } from './stage.ts'
import { alikeStages } from './stages/alike.ts'
import { keySql } from './stages/log.ts'
import { crowdStage } from './stages/profiles.ts'

/** Worlds of one log: a run costs more than a world. */
const WORLDS = 25
const RUNS = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / WORLDS)
const EVERY_PAIR = 1_000_000

/** Witnesses join nobody; as many people as `anchors` may bring up a pair. */
function policyFor(question: number, anchors: number): Policy {
  const policy = smallPolicy(0.9)
  return { ...policy, questionEvidence: evidenceOf(question), candidateAnchorsMax: anchors }
}

const unordered = (a: Key, b: Key): string => [a, b].toSorted().join(' ')

/** Of each pair of cookies what the core says, by their keys. */
function weighedByCore(facts: readonly Fact[], policy: Policy) {
  const view = play(policy, [facts])
  const ipsOnly = play(policy, [
    facts.map((fact) => ({
      ...fact,
      edges: fact.edges.filter(({ kind }) => kind !== 'same_session'),
    })),
  ])
  const candidates = new Set<string>()
  for (const [pair, signals] of signalsIn(ipsOnly, policy))
    if (signals.candidate) candidates.add(pair)
  const pass = newPass(view, policy)
  return { view, pass, candidates, signals: signalsIn(view, policy), sides: sidesOf(pass) }
}

function signalsIn(view: View, policy: Policy): Map<string, PairSignals> {
  const pass = newPass(view, policy)
  const found = new Map<string, PairSignals>()
  for (const node of view.nodes()) {
    if (node.type !== 'cookie') continue
    for (const [key, signals] of signalsOf(pass, node, [])) {
      const other = view.node(key)!
      const out = signalsOf(pass, other, [])
      if (out.has(node.key) && other.profile !== node.profile)
        found.set(unordered(node.key, key), signals)
    }
  }
  return found
}

function sidesOf(pass: Pass): ReadonlyMap<string, Side> {
  const sides = new Map<string, Side>()
  for (const node of pass.view.nodes()) {
    if (node.component === '' || sides.has(node.profile)) continue
    const group = stageA(pass, componentOf(pass, node)!).groups.find(({ nodes }) =>
      nodes.includes(node),
    )
    sides.set(node.profile, group!.side)
  }
  return sides
}

interface PairRow {
  readonly a: Key
  readonly b: Key
}

interface WeighedRow extends PairRow {
  readonly together: number
  readonly candidate: number
  readonly ip: number
  readonly signature: number
}

/** Rows of a table with two nodes, by their keys. */
async function keyed<Row extends object>(
  engine: BatchEngine,
  table: string,
  columns: string,
): Promise<ReadonlyMap<string, Row>> {
  const key = (of: string): string => keySql(engine.dialect, 'default', of)
  const rows = await engine.rows<Row & PairRow>(
    `SELECT ${key('f')} AS a, ${key('t')} AS b${columns} FROM ${table}
    JOIN identifier f ON f.node = p.a JOIN identifier t ON t.node = p.b`,
  )
  return new Map(rows.map((row) => [unordered(row.a, row.b), row]))
}

const WEIGHED = `, p.together AS together, coalesce(s.candidate, 0) AS candidate,
  CAST(coalesce(s.ip, 0) // 1048576 AS INTEGER) AS ip, CAST(coalesce(s.signature, 0) // 1048576 AS INTEGER) AS signature`

for (const [question, anchors] of [
  [0.5, 2],
  [0.3, 5],
] as const) {
  const policy = policyFor(question, anchors)

  test(
    `pairs are weighed as the core weighs them (question ${question}, anchors ${anchors})`,
    { timeout: 600_000 },
    async () => {
      const found = { leftOut: 0, alike: 0 }
      await fc.assert(
        fc.asyncProperty(
          fc.array(smallWorld, { minLength: WORLDS, maxLength: WORLDS }),
          async (worlds) => {
            const facts = worlds.flatMap((world, i) => apart(i, world))
            const core = weighedByCore(facts, policy)
            await withLog(facts.map(messageOf), async ({ engine, columns }) => {
              const parts = await columns()
              await partition(engine, { parts, policy, standing: standingOf([]) }, () => undefined)
              await engine.put('ruled', { low: new Int32Array(0), high: new Int32Array(0) })
              await makeStages(
                engine,
                [crowdStage, ...alikeStages(policy, EVERY_PAIR)],
                () => undefined,
              )
              const met = await keyed(engine, 'met p', '')
              const pairs = await keyed<WeighedRow>(
                engine,
                'alike_pair p LEFT JOIN signal s ON s.pair = p.pair',
                WEIGHED,
              )
              for (const pair of core.candidates) expect(met.has(pair)).toBe(true)
              expect(wronglyLeftOut(core, met, pairs, question)).toEqual([])
              for (const [pair, { ip, signature, candidate, ...row }] of pairs) {
                const said = core.signals.get(pair) ?? noSignals()
                const together = row.together === 1
                expect([pair, ip, signature, candidate === 1]).toEqual([
                  pair,
                  together ? said.ip : said.crossIp,
                  together ? said.signature : said.crossSignature,
                  core.candidates.has(pair),
                ])
              }
              const alike = [
                ...(await keyed<{ evidence: number }>(
                  engine,
                  'alike p',
                  ', p.evidence AS evidence',
                )),
              ]
              found.leftOut += met.size - pairs.size
              found.alike += alike.length
              expect(
                alike
                  .map(([pair, { evidence }]) => `${profilesOf(core.view, pair)} ${evidence}`)
                  .toSorted(),
              ).toEqual(alikeByCore(core, pairs, policy))
            })
          },
        ),
        { numRuns: RUNS },
      )
      expect(Math.min(found.leftOut, found.alike)).toBeGreaterThan(0)
    },
  )
}

type Core = ReturnType<typeof weighedByCore>

function nodesOf(view: View, pair: string): readonly [ViewNode, ViewNode] {
  const [a = '', b = ''] = pair.split(' ')
  return [view.node(a)!, view.node(b)!]
}

function profilesOf(view: View, pair: string): string {
  return nodesOf(view, pair)
    .map(({ profile }) => profile)
    .toSorted()
    .join(' ')
}

/**
 * Of those that an ip brought up only those are left out that a guard refuses or no evidence could be enough for; and,
 * rather than asked about, those of whom both were logged in with, even where an id that both name would let them pass.
 */
function wronglyLeftOut(
  { view, pass, sides, signals }: Core,
  met: ReadonlyMap<string, unknown>,
  pairs: ReadonlyMap<string, unknown>,
  question: number,
): string[] {
  const withADevice = new Set<string>()
  for (const [pair, { signature, crossSignature }] of signals)
    if (met.has(pair) && signature + crossSignature > 0) withADevice.add(profilesOf(view, pair))
  return [...met.keys()].filter((pair) => {
    const [a, b] = nodesOf(view, pair)
    const [x, y] = [sides.get(a.profile)!, sides.get(b.profile)!]
    if (guardAgainst(pass, x, y, {}) !== null) return pairs.has(pair)
    if (x.logins.length > 0 && y.logins.length > 0) return false
    return (question <= 0.3 || withADevice.has(profilesOf(view, pair))) && !pairs.has(pair)
  })
}

function alikeByCore(
  { view, signals, candidates }: Core,
  pairs: Iterable<[string, unknown]>,
  policy: Policy,
) {
  const groups = new Map<string, PairSignals>()
  for (const [pair] of pairs) {
    const said = signals.get(pair)
    if (said === undefined) continue
    const group = profilesOf(view, pair)
    const sum = groups.get(group) ?? noSignals()
    groups.set(group, sum)
    mergeSignals(sum, { ...said, candidate: candidates.has(pair) })
  }
  return [...groups]
    .filter(([, sum]) => sum.candidate && pairEvidence(sum, policy) >= policy.questionEvidence)
    .map(([group, sum]) => `${group} ${pairEvidence(sum, policy)}`)
    .toSorted()
}

const supported = (low: number, high: number, evidence: number): Supported => ({
  row: {
    low,
    high,
    a: low,
    b: high,
    low_cookies: 1,
    high_cookies: 1,
    evidence,
    ip: 0,
    signature: evidence,
    cross_ip: 0,
    cross_signature: 0,
    cross_both: 0,
    ip_gap: 0,
    cross_ip_gap: 0,
  },
  support: 0,
  trait: 'content',
  evidence,
})

test('each the other’s best: of three alike the smaller keys, and nobody who is only second', () => {
  const chosen = (pairs: readonly Supported[]) =>
    eachOthersBest(pairs).map(({ row }) => [row.low, row.high])
  expect(chosen([supported(1, 2, 5), supported(1, 3, 5), supported(2, 3, 5)])).toEqual([[1, 2]])
  expect(chosen([supported(1, 2, 5), supported(2, 3, 6)])).toEqual([[2, 3]])
  expect(chosen([supported(1, 2, 5), supported(3, 4, 1)])).toEqual([
    [1, 2],
    [3, 4],
  ])
})

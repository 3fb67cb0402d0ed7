// Whom a cookie looks like by a learned model: candidates met at a known address while few people were there, and their
// scores. Invariant: symmetric; only what reaches the model's threshold is a pair, all else is nothing.

import { anchorsOf, type Crowd } from '../../evidence/crowd.ts'
import { raritiesOf, rowOf } from '../../evidence/learned/known-witnesses.ts'
import { evidenceOfScore, scoreOf, writeBins } from '../../evidence/learned/model.ts'
import { noSignals, type PairSignals } from '../../evidence/pair.ts'
import { readSignals } from '../../evidence/learned/read-signals.ts'
import { SIGNAL_COUNT } from '../../evidence/learned/signals.ts'
import type { Key } from '../../identifier/identifier.ts'
import type { Knowledge } from '../../policy/knowledge.ts'
import type { Compared } from '../view/compared.ts'
import { completeNode, type Pass } from '../view/neighbours.ts'
import { type CrowdAsk, isMemberKind, type ViewEdge, type ViewNode } from '../view/view.ts'

const values = new Int32Array(SIGNAL_COUNT)
const bins = new Uint8Array(SIGNAL_COUNT)

/** Everyone the cookie would be joined with, by what the model says. What must be loaded first is noted, crowds in `asks`. */
export function learnedPairs(
  pass: Pass,
  knowledge: Knowledge,
  cookie: ViewNode,
  asks: CrowdAsk[],
): ReadonlyMap<Key, PairSignals> {
  const { weighed, view } = pass
  if (weighed !== null) return pairsOf(weighed.get(cookie.key) ?? [])
  const known = view.compared.pairs.get(cookie.key)
  if (known !== undefined) return known
  const candidates = metBy(pass, knowledge, cookie, asks)
  if (candidates === null) return NOBODY
  const alike: [Key, number][] = []
  let isWhole = true
  for (const key of candidates) {
    const other = completeNode(pass, key)
    const score = other === undefined ? null : scorePair(pass, knowledge, cookie, other)
    if (score === null) isWhole = false
    else if (score >= knowledge.model.joinFrom) alike.push([key, evidenceOfScore(score)])
  }
  const found = pairsOf(alike)
  if (isWhole) view.compared.pairs.set(cookie.key, found)
  return found
}

const NOBODY: ReadonlyMap<Key, PairSignals> = new Map()

function pairsOf(alike: Iterable<readonly [Key, number]>): ReadonlyMap<Key, PairSignals> {
  return new Map([...alike].map(([key, learned]) => [key, pairOf(learned)]))
}

function pairOf(learned: number): PairSignals {
  return { ...noSignals(), learned, candidate: true }
}

/**
 * Cookies that were at an address within a few days of this one, each time with few others; null while something is missing,
 * which is noted.
 */
export function metBy(
  pass: Pass,
  { witnesses }: Knowledge,
  cookie: ViewNode,
  asks: CrowdAsk[],
): ReadonlySet<Key> | null {
  const met = new Set<Key>()
  let isWhole = true
  for (const [key, edges] of cookie.out) {
    const edge = edges[0]
    if (edge === undefined || edge.kind !== 'ip_match') continue
    const address = pass.view.node(key)
    if (address === undefined) {
      if (pass.view.absent.has(key)) continue
      pass.missing.add(key)
      isWhole = false
      continue
    }
    if (address.quarantined || witnessRow(pass.view.compared, witnesses, address) < 0) continue
    for (const day of edge.days.keys()) if (!meetNear(pass, edge, day, met, asks)) isWhole = false
  }
  met.delete(cookie.key)
  return isWhole ? met : null
}

/** False where crowds are missing, which is noted. */
function meetNear(
  pass: Pass,
  { to }: ViewEdge,
  day: number,
  met: Set<Key>,
  asks: CrowdAsk[],
): boolean {
  const { view, policy } = pass
  const ask = { identifier: to, fromDay: day - policy.addressDays, toDay: day + policy.addressDays }
  const own = view.crowd(to, day)
  for (let other = ask.fromDay; other <= ask.toDay; other++) {
    const crowd = view.crowd(to, other)
    if (crowd === undefined || own === undefined) {
      asks.push(ask)
      return false
    }
    if (crowd.entries.size === 0 || !isCalm(pass, own) || !isCalm(pass, crowd)) continue
    for (const [from, { fromType }] of crowd.entries) if (fromType === 'cookie') met.add(from)
  }
  return true
}

function isCalm({ anchors, policy }: Pass, crowd: Crowd): boolean {
  let people = anchors.get(crowd)
  if (people === undefined) anchors.set(crowd, (people = anchorsOf(crowd)))
  return people <= policy.candidateAnchorsMax
}

/** Numbers of lives are below. */
const SPAN = 2 ** 26

/** The score of two complete cookies, in thousandths of a natural log-odd; null while witnesses are missing, which is noted. */
export function scorePair(
  pass: Pass,
  knowledge: Knowledge,
  a: ViewNode,
  b: ViewNode,
): number | null {
  const { lives, scores } = pass.view.compared
  const x = lifeOf(pass, knowledge, a)
  const y = lifeOf(pass, knowledge, b)
  if (x === null || y === null) return null
  const pair = x < y ? x * SPAN + y : y * SPAN + x
  let score = scores.get(pair)
  if (score === undefined) {
    readSignals(raritiesOf(knowledge.witnesses), lives, x, y, values)
    writeBins(values, bins, 0)
    scores.set(pair, (score = scoreOf(knowledge.model, bins)))
  }
  return score
}

/** Writes what each signal says of two complete cookies, in the order of `SIGNALS`; nothing while witnesses are missing. */
export function readPair(
  pass: Pass,
  knowledge: Knowledge,
  a: ViewNode,
  b: ViewNode,
  into: Int32Array,
): void {
  const x = lifeOf(pass, knowledge, a)
  const y = lifeOf(pass, knowledge, b)
  if (x === null || y === null) return
  readSignals(raritiesOf(knowledge.witnesses), pass.view.compared.lives, x, y, into)
}

/** The number of a complete cookie among the lives; null while witnesses are missing, which is noted. */
function lifeOf(pass: Pass, knowledge: Knowledge, cookie: ViewNode): number | null {
  const { lives, numbers } = pass.view.compared
  let number = numbers.get(cookie.key)
  if (number !== undefined) return number
  const witnessed = witnessesOf(pass, knowledge, cookie)
  if (witnessed === null) return null
  for (const { row, edge } of witnessed.addresses)
    for (const day of [...edge.days.keys()].toSorted((x, y) => x - y))
      lives.sawAt(row, day, edge.days.get(day) ?? 0)
  for (const { row, edge } of witnessed.signatures) {
    lives.bore(row)
    for (const [day, hours] of edge.days) lives.sawAt(-1, day, hours)
  }
  for (const clue of cookie.clues) lives.told(clue)
  numbers.set(cookie.key, (number = lives.end()))
  return number
}

interface Witnessed {
  readonly row: number
  readonly edge: ViewEdge
}

interface WitnessesOf {
  readonly addresses: readonly Witnessed[]
  readonly signatures: readonly Witnessed[]
}

function witnessesOf(
  { view, missing }: Pass,
  { witnesses }: Knowledge,
  cookie: ViewNode,
): WitnessesOf | null {
  const addresses: Witnessed[] = []
  const signatures: Witnessed[] = []
  let isWhole = true
  for (const [key, edges] of cookie.out) {
    const edge = edges[0]
    if (edge === undefined || isMemberKind(edge.kind)) continue
    const witness = view.node(key)
    if (witness === undefined) {
      if (view.absent.has(key)) continue
      missing.add(key)
      isWhole = false
      continue
    }
    if (witness.quarantined) continue
    const row = witnessRow(view.compared, witnesses, witness)
    if (witness.type === 'ip') addresses.push({ row, edge })
    else if (witness.type === 'device_signature') signatures.push({ row, edge })
  }
  const byRow = (x: Witnessed, y: Witnessed): number => x.row - y.row
  if (!isWhole) return null
  return { addresses: addresses.toSorted(byRow), signatures: signatures.toSorted(byRow) }
}

/** Negative for one of which nothing is known; two such signatures are two, two such addresses are no matter. */
function witnessRow(
  { rows }: Compared,
  witnesses: Knowledge['witnesses'],
  { key }: Pick<ViewNode, 'key'>,
): number {
  let row = rows.get(key)
  if (row === undefined) {
    row = rowOf(witnesses, key)
    rows.set(key, (row = row < 0 ? -2 - rows.size : row))
  }
  return row
}

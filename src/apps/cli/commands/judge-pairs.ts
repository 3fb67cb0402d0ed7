// What the model says of all candidate pairs of an account, held against a truth: for `evaluate`.
// Invariant: only pairs that are the model's to decide count, those that logins neither join nor keep apart.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openDuckdbEngine } from '../../../adapters/duckdb/index.ts'
import { scorePairs } from '../../../batch/evidence/alike-cookies.ts'
import { LABEL } from '../../../batch/learning/labels.ts'
import type { Told } from '../../../batch/stage.ts'
import { type Key, identifierText } from '../../../core/index.ts'
import { raritiesOf } from '../../../core/evidence/learned/known-witnesses.ts'
import { probabilityOfScore } from '../../../core/evidence/learned/model.ts'
import { readSignals } from '../../../core/evidence/learned/read-signals.ts'
import { type WeighedSignal, waterfallOf } from '../../../core/evidence/learned/signal-words.ts'
import { SIGNAL_COUNT } from '../../../core/evidence/learned/signals.ts'
import { numberOf } from '../../../core/identifier/identifier.ts'
import type { Knowledge, Model } from '../../../core/policy/knowledge.ts'
import {
  averagePrecision,
  calibration,
  type CalibrationBin,
  type CurvePoint,
  precisionRecall,
  Scorer,
  thinned,
  type Truth,
} from '../../../evaluation/index.ts'
import { type Judged, judgeModel } from '../../../flows/judge-model.ts'
import type { Account } from '../../account/account.ts'
import { usualLimits } from '../../batch/run-account.ts'

/** Names are the public ones of `evaluate --json`. */
export interface ModelScore {
  readonly version: string
  /** From which probability on it joins. */
  readonly threshold: number
  /** Pairs that are its to decide and whose people the truth knows; of these, one person's. */
  readonly pairs: number
  readonly pairs_true: number
  readonly average_precision: number
  readonly curve: readonly CurvePoint[]
  readonly thresholds: readonly AtThreshold[]
  readonly calibration: readonly CalibrationBin[]
  readonly mistakes: readonly Mistake[]
}

/** Pairs from a probability on, and the profiles if they were joined. */
interface AtThreshold extends CurvePoint {
  readonly profiles_precision: number
  readonly profiles_recall: number
  /** It is the model's own. */
  readonly chosen: boolean
}

export interface Mistake {
  /** `joined`: two people in one profile. `apart`: one person in two. */
  readonly kind: 'joined' | 'apart'
  readonly a: string
  readonly b: string
  readonly probability: number
  /** The strongest. */
  readonly signals: readonly WeighedSignal[]
}

const PROBABILITIES = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]
const CURVE_POINTS = 50
/** Of each kind; where there are fewer of one, there are more of the other. */
const MISTAKES = 10
const MISTAKES_OF_KIND = 5
const SIGNALS_SHOWN = 4

export interface JudgePairsInput {
  readonly account: Account
  readonly knowledge: Knowledge
  /** By key. */
  readonly truth: Truth
  readonly signal: AbortSignal
  readonly told: Told
}

/** As long and as much memory as a dry run. */
export async function judgePairs(input: JudgePairsInput): Promise<ModelScore> {
  const { account, signal, told } = input
  const { log, active } = account
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-evaluate-'))
  try {
    const [scratch, spillDirectory] = [join(directory, 'columns'), join(directory, 'spill')]
    await mkdir(spillDirectory)
    const engine = await openDuckdbEngine({ ...usualLimits(), spillDirectory, signal })
    try {
      let asked = 0
      const judged = await judgeModel({
        engine,
        policy: active.policy,
        columns: async (cuts) => {
          const own = `${scratch}-${asked++}`
          await mkdir(own)
          return log.columns({ upTo: log.end(), cuts, scratch: own })
        },
        told,
      })
      return await scoreModel(judged, input)
    } finally {
      await engine.close()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function scoreModel(judged: Judged, input: JudgePairsInput): Promise<ModelScore> {
  const { account, knowledge, truth } = input
  const { version, model } = knowledge
  const scores = scorePairs({ ...judged.gathered, bins: judged.bins }, model)
  const known = await knownNodes(account, judged, truth)
  const open = openPairs(judged, known)
  const pairs = {
    scores: open.map((pair) => scores[pair] ?? 0),
    same: Uint8Array.from(open, (pair) => (isSame(judged, known, pair) ? 1 : 0)),
  }
  const points = precisionRecall(pairs)
  const joined = await judged.joined(scores, model.joinFrom)
  const threshold = probabilityOfScore(model.joinFrom)
  const thresholds: AtThreshold[] = []
  for (const from of wantedScores(model.joinFrom)) {
    const chosen = from === model.joinFrom
    const groupOf = chosen ? joined : await judged.joined(scores, from)
    const probability = probabilityOfScore(from)
    const right = scoreOf(groupOf, known, truth)
    const at = points.findLast((point) => point.probability >= probability)
    thresholds.push({
      probability,
      precision: at?.precision ?? 1,
      recall: at?.recall ?? 0,
      profiles_precision: right.pair_precision,
      profiles_recall: right.pair_recall,
      chosen,
    })
  }
  const wrong = wrongPairs({ judged, known, scores, joined, joinFrom: model.joinFrom }, open)
  return {
    version,
    threshold,
    pairs: open.length,
    pairs_true: pairs.same.reduce((sum, one) => sum + one, 0),
    average_precision: averagePrecision(points),
    curve: thinned(points, CURVE_POINTS),
    thresholds,
    calibration: calibration(pairs),
    mistakes: wrong.map((one) => mistakeOf(one, model, { judged, known, scores })),
  }
}

function wantedScores(joinFrom: number): number[] {
  const own = PROBABILITIES.map((p) => Math.round(Math.log(p / (1 - p)) * 1_000))
  return [...new Set([...own, joinFrom])].toSorted((x, y) => x - y)
}

/** What the truth and the store know of nodes. */
interface KnownNodes {
  /** By node: its key, where the truth knows it. */
  readonly subjects: readonly (Key | undefined)[]
  /** By node: how people write it. */
  readonly names: readonly (string | undefined)[]
  /** By node: number of its person; negative for several people's and nobody's. */
  readonly people: Int32Array
}

const NODES_AT_ONCE = 1_000
const NOBODY = -2

async function knownNodes({ store }: Account, { keys }: Judged, truth: Truth): Promise<KnownNodes> {
  const nodeOf = new Map<bigint, number>()
  keys.forEach((key, node) => nodeOf.set(key, node))
  const subjects: (Key | undefined)[] = Array.from({ length: keys.length })
  const names: (string | undefined)[] = Array.from({ length: keys.length })
  const people = new Int32Array(keys.length).fill(NOBODY)
  const { owners } = truth
  for (let after = ''; ;) {
    const page = await store.scanNodes(after, NODES_AT_ONCE)
    for (const identifier of page) {
      const { key } = identifier
      const index = truth.indexOf(key)
      const node = index === undefined ? undefined : nodeOf.get(numberOf(key))
      if (index === undefined || node === undefined) continue
      subjects[node] = key
      names[node] = identifierText(identifier)
      people[node] = owners[index] ?? NOBODY
    }
    const last = page.at(-1)
    if (last === undefined) return { subjects, names, people }
    after = last.key
  }
}

function openPairs({ gathered: { pairs }, labelled }: Judged, { people }: KnownNodes): Int32Array {
  const { a, b } = pairs
  return Int32Array.from(a.keys()).filter(
    (i) =>
      labelled.label[i] === LABEL.none &&
      (people[a[i] ?? 0] ?? NOBODY) >= 0 &&
      (people[b[i] ?? 0] ?? NOBODY) >= 0,
  )
}

function isSame({ gathered: { pairs } }: Judged, { people }: KnownNodes, pair: number): boolean {
  return people[pairs.a[pair] ?? 0] === people[pairs.b[pair] ?? 0]
}

function scoreOf(groupOf: Int32Array, { subjects }: KnownNodes, truth: Truth) {
  const scorer = new Scorer(truth)
  subjects.forEach((key, node) => {
    if (key !== undefined) scorer.assign(key, groupOf[node] ?? null)
  })
  return scorer.score()
}

interface WrongInput {
  readonly judged: Judged
  readonly known: KnownNodes
  readonly scores: Int32Array
  /** By node: its group where the model joins. */
  readonly joined: Int32Array
  readonly joinFrom: number
}

type Wrong = Pick<Mistake, 'kind'> & { readonly pair: number }

/** The worst of each profile that holds two people, and of each person who is in two. */
function wrongPairs(
  { judged, known, scores, joined, joinFrom }: WrongInput,
  open: Int32Array,
): Wrong[] {
  const { a, b } = judged.gathered.pairs
  const best = open.toSorted((x, y) => (scores[y] ?? 0) - (scores[x] ?? 0) || x - y)
  const seen = new Set<string>()
  const wrong: Wrong[] = []
  for (const pair of best) {
    const [x, y] = [a[pair] ?? 0, b[pair] ?? 0]
    const same = isSame(judged, known, pair)
    const together = joined[x] === joined[y]
    if (same === together || (same && (scores[pair] ?? 0) >= joinFrom)) continue
    const of = same ? `person ${known.people[x]}` : `profile ${joined[x]}`
    if (seen.has(of)) continue
    seen.add(of)
    wrong.push({ kind: same ? 'apart' : 'joined', pair })
  }
  const [joinedWrongly, apart] = (['joined', 'apart'] as const).map((kind) =>
    wrong.filter((one) => one.kind === kind),
  )
  const left = (others: readonly Wrong[] = []): number =>
    MISTAKES - Math.min(MISTAKES_OF_KIND, others.length)
  return [
    ...(joinedWrongly ?? []).slice(0, left(apart)),
    ...(apart ?? []).slice(0, left(joinedWrongly)),
  ]
}

/** A mistake with the names of both and what spoke for and against it. */
function mistakeOf(
  { kind, pair }: Wrong,
  model: Model,
  { judged: { gathered }, known, scores }: Omit<WrongInput, 'joined' | 'joinFrom'>,
): Mistake {
  const [x, y] = [gathered.pairs.a[pair] ?? 0, gathered.pairs.b[pair] ?? 0]
  const [a = 0, b = 0] = [gathered.numberOf[x], gathered.numberOf[y]]
  const values = new Int32Array(SIGNAL_COUNT)
  readSignals(raritiesOf(gathered.known), gathered.lives, a, b, values)
  return {
    kind,
    a: known.names[x] ?? '',
    b: known.names[y] ?? '',
    probability: probabilityOfScore(scores[pair] ?? 0),
    signals: waterfallOf(model, values).signals.slice(0, SIGNALS_SHOWN),
  }
}

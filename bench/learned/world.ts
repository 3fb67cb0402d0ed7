// A simulated world as a sealed log and all its candidate pairs, with whose each cookie is.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openDuckdbEngine } from '../../src/adapters/duckdb/index.ts'
import { openFileLog } from '../../src/adapters/file-log/index.ts'
import { quiet } from '../../src/batch/stage.ts'
import { numberOf } from '../../src/core/identifier/identifier.ts'
import { type Score, Scorer, Truth } from '../../src/evaluation/index.ts'
import { type Judged, judgeModel } from '../../src/flows/judge-model.ts'
import { recordsOf } from '../accuracy/world-records.ts'
import { type Frame, openWorld, type Opened, truthKey } from '../accuracy/world.ts'

/** A world whose candidate pairs stand in memory; its engine is open until it is closed. */
export interface LearnedWorld {
  readonly frame: Frame
  readonly messages: number
  readonly judged: Judged
  readonly truth: Truth
  /** By node: whose it is; negative for nobody's and several people's. */
  readonly people: Int32Array
  close(): Promise<void>
}

export interface EngineLimits {
  readonly megabytes: number
  readonly threads: number
}

const NOBODY = -2

export async function openLearnedWorld(
  frame: Frame,
  { megabytes, threads }: EngineLimits,
): Promise<LearnedWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-learned-'))
  const closing = [() => rm(directory, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (const one of closing.toReversed()) await one()
  }
  try {
    const opened = openWorld(frame, {})
    const { policy } = opened
    const log = await openFileLog(join(directory, 'log'), { account: policy.account })
    closing.push(() => log.close())
    let messages = 0
    for (const records of recordsOf(opened)) {
      messages += records.length
      await log.append(records)
    }
    await log.settle()
    const engine = await openDuckdbEngine({
      memoryMegabytesMax: megabytes,
      threads,
      spillDirectory: join(directory, 'spill'),
      signal: new AbortController().signal,
    })
    closing.push(() => engine.close())
    const scratch = join(directory, 'columns')
    await mkdir(scratch)
    const judged = await judgeModel({
      engine,
      policy,
      columns: (cuts) => log.columns({ upTo: log.end(), cuts, scratch }),
      told: quiet,
    })
    const truth = truthByNumber(opened)
    return { frame, messages, judged, truth, people: peopleOf(judged, truth), close }
  } catch (cause) {
    await close()
    throw cause
  }
}

/** The truth by the numbers of keys, as the engine knows identifiers. */
function truthByNumber({ simulation, extraction }: Opened): Truth {
  const truth = new Truth()
  for (const { identifier, person } of simulation.identifierTruth()) {
    const key = truthKey(identifier, extraction)
    truth.add(key.startsWith('refused') ? key : String(numberOf(key)), person)
  }
  return truth
}

function peopleOf({ keys }: Judged, truth: Truth): Int32Array {
  const { owners } = truth
  return Int32Array.from(keys, (key) => {
    const index = truth.indexOf(String(key))
    return index === undefined ? NOBODY : (owners[index] ?? NOBODY)
  })
}

/** How right profiles are. `groupOf`: by node. */
export function scoreOf(
  { judged: { members, keys }, truth }: LearnedWorld,
  groupOf: Int32Array,
): Score {
  const scorer = new Scorer(truth)
  for (const node of members) scorer.assign(String(keys[node]), groupOf[node] ?? null)
  return scorer.score()
}

// What the same signals could tell if the truth were known: the additive fit and boosted trees, trained on the truth of
// another world over the same candidate pairs, as scores of the pairs of this one.

import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { raritiesOf } from '../../src/core/evidence/learned/known-witnesses.ts'
import { readSignals } from '../../src/core/evidence/learned/read-signals.ts'
import { SIGNAL_COUNT, SIGNAL_IDS, SIGNALS } from '../../src/core/evidence/learned/signals.ts'
import { fit, type Fitted, logOddsOf } from '../../src/batch/learning/fit.ts'
import { LABEL } from '../../src/batch/learning/labels.ts'
import type { LearnedWorld } from './world.ts'

/** Pairs of a world that are not joined by what was said, and of whom the truth knows whose they are. */
export function openPairs({ judged, people }: LearnedWorld): Int32Array {
  const { a, b } = judged.gathered.pairs
  return Int32Array.from(a.keys()).filter(
    (i) =>
      judged.labelled.label[i] !== LABEL.same &&
      (people[a[i] ?? 0] ?? -1) >= 0 &&
      (people[b[i] ?? 0] ?? -1) >= 0,
  )
}

/** By pair: 1 where both are one person's. */
function sameness({ judged, people }: LearnedWorld): Uint8Array {
  const { a, b } = judged.gathered.pairs
  return Uint8Array.from(a, (x, i) => (people[x] === people[b[i] ?? 0] ? 1 : 0))
}

export function fitToTruth(world: LearnedWorld): Fitted {
  const label = sameness(world)
  const weight = new Float64Array(label.length).fill(1)
  return fit({ bins: world.judged.bins, label, weight }, openPairs(world))
}

/** Thousandths of a natural log-odd, by pair. */
export function scoresByTruth({ judged }: LearnedWorld, fitted: Fitted): Int32Array {
  return judged.gathered.pairs.a.map((_, i) =>
    Math.round(logOddsOf(fitted, judged.bins, i * SIGNAL_COUNT) * 1_000),
  )
}

/** Boosted trees in a Python of their own. */
export interface Trees {
  /** What they are made with. */
  readonly with: string
  readonly trees: number
  readonly seconds: number
  scoresOf(world: LearnedWorld): Promise<Int32Array>
}

export const NO_TREES =
  'left out: no LightGBM. Try: python3 -m venv DIR && DIR/bin/pip install lightgbm numpy; then --python DIR/bin/python'

export function hasTrees(python: string): boolean {
  return spawnSync(python, ['-c', 'import lightgbm, numpy']).status === 0
}

const SCRIPT = new URL('./trees.py', import.meta.url).pathname

/** `directory`: is there, for files in between. */
export async function growTrees(
  world: LearnedWorld,
  python: string,
  directory: string,
): Promise<Trees> {
  const model = join(directory, 'trees.txt')
  const training = join(directory, 'training')
  await writeSignals(world, training)
  const use = openPairs(world)
  await writeFile(join(training, 'use.i32'), use)
  await writeFile(join(training, 'same.u8'), sameness(world))
  const names = SIGNAL_IDS.filter((id) => SIGNALS[id].unit === 'kind').map((id) =>
    SIGNAL_IDS.indexOf(id),
  )
  const told = run(python, ['grow', training, model, String(SIGNAL_COUNT), names.join(',')])
  return {
    ...(JSON.parse(told) as Pick<Trees, 'with' | 'trees' | 'seconds'>),
    scoresOf: async (other) => {
      const asked = join(directory, 'asked')
      await writeSignals(other, asked)
      run(python, ['score', asked, model, String(SIGNAL_COUNT), ''])
      const { buffer, byteOffset, length } = await readFile(join(asked, 'scores.i32'))
      return new Int32Array(buffer.slice(byteOffset, byteOffset + length))
    },
  }
}

function run(python: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`trees.py failed: ${stderr}`)
  return stdout
}

/** The values themselves, not their bins: trees may cut them where they like. */
async function writeSignals({ judged }: LearnedWorld, directory: string): Promise<void> {
  const { known, lives, numberOf, pairs } = judged.gathered
  const rarities = raritiesOf(known)
  const values = new Int32Array(pairs.a.length * SIGNAL_COUNT)
  const one = new Int32Array(SIGNAL_COUNT)
  for (let i = 0; i < pairs.a.length; i++) {
    const [a, b] = [numberOf[pairs.a[i] ?? 0] ?? 0, numberOf[pairs.b[i] ?? 0] ?? 0]
    readSignals(rarities, lives, a, b, one)
    values.set(one, i * SIGNAL_COUNT)
  }
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'signals.i32'), values)
}

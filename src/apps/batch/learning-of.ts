// How a run learns under given settings.

import type { Learning } from '../../batch/learning/learn-from-log.ts'
import { compilePolicy, type Settings } from '../../core/index.ts'
import type { Position } from '../../ports/event-log.ts'
import { sha256 } from '../account/digest.ts'

/** Pairs that a model is fitted on, and answers of each kind below which it is not even tried. */
const PAIRS_MAX = 200_000
const ANSWERS_MIN = 100

/** Null where nothing is to be learned. `inUse`: the score that the model in use joins from, if there is one. */
export function learningOf(
  settings: Settings,
  upTo: Position,
  inUse: number | null,
): Learning | null {
  if (!settings.learned.use) return null
  const limits = {
    pairsMax: PAIRS_MAX,
    answersMin: ANSWERS_MIN,
    precisionMin: settings.learned.precision,
    rounds: settings.candidates.rounds,
    inUse,
  }
  return {
    limits,
    digest: sha256,
    of: `${compilePolicy(settings, sha256).version} ${upTo}`,
    now: () => Date.now(),
  }
}

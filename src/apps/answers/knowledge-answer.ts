// What an account has learned, as answers: whether it goes by a model and why not, what training found, the weights.

import { z } from 'zod'

import type { Training } from '../../batch/learning/learn.ts'
import { binWords } from '../../core/evidence/learned/bin-words.ts'
import { PAIR_SECOND_BINS, PAIR_TERMS } from '../../core/evidence/learned/model.ts'
import { SIGNAL_IDS, SIGNALS } from '../../core/evidence/learned/signals.ts'
import type { Model } from '../../core/policy/knowledge.ts'
import { stoppedWords } from '../account/active-rules.ts'
import type { Account } from '../account/account.ts'

const count = z.int().min(0)
const share = z.number().min(0).max(1)

export const trainingAnswer = z.object({
  candidate_pairs: count.describe('pairs of cookies that the model weighs'),
  same_pairs: count.describe('of these, known by logins or stewards to be one person’s'),
  different_pairs: count.describe('and known not to be'),
  ruled_pairs: count.describe('of both, by what stewards said'),
  fitted_on: count.describe('pairs the weights were fitted on'),
  answered_share: share.describe('one person’s among the pairs that are known'),
  estimated_share: share.describe('one person’s among all others, as estimated'),
  threshold: z
    .object({
      probability: share.describe('from which two are joined'),
      right: count.describe('pairs held out of training that it would join, and rightly'),
      wrong: count,
      vouched_for: count.describe('joins of others that these vouch for; at most five a pair'),
      join_precision: share.describe('right ones among its joins, as estimated'),
      join_precision_at_least: share.describe('its lower bound, with 95 % confidence'),
      profile_precision_at_least: share.describe(
        'lower bound of one person’s among all pairs of identifiers in profiles',
      ),
      pairs_joined: count.describe('pairs of identifiers that come into one profile by it'),
    })
    .nullable()
    .describe('null where none shows the precision that is asked for'),
  refused: z.string().nullable().describe('why the model is not used; null when it is'),
  seconds: z.number().nullable().describe('that fitting took'),
})
export type TrainingAnswer = z.output<typeof trainingAnswer>

export const knowledgeAnswer = z.object({
  version: z.string().nullable().describe('of the model; null where there is none'),
  used: z.boolean().describe('whether profiles are joined by it'),
  reason: z.string().nullable().describe('why not; null when they are'),
  training: trainingAnswer.nullable().describe('of what was learned last; null: nothing ever was'),
  drift: z
    .object({ right: count, wrong: count, stopped: z.boolean() })
    .describe('first logins since on cookies it had joined: with whose profile they are, or not'),
})
export type KnowledgeAnswer = z.output<typeof knowledgeAnswer>

/** Thousandths of a natural log-odd. */
const weight = z.int()
const modelDocument = z.object({
  bias: weight.describe('what two cookies have before anything is known; weights add to it'),
  join_from: weight.describe('the sum from which two are joined'),
  signals: z.array(
    z.object({
      signal: z.string(),
      meaning: z.string(),
      unit: z.string(),
      weights: z.array(z.object({ value: z.string(), weight })),
    }),
  ),
  pairs: z
    .array(
      z.object({
        signals: z.array(z.string()),
        weights: z.array(z.object({ values: z.array(z.string()), weight })),
      }),
    )
    .describe('of two signals together; those that weigh nothing are left out'),
})
type ModelDocumentAnswer = z.output<typeof modelDocument>

export const modelAnswer = knowledgeAnswer.extend({
  model: modelDocument
    .nullable()
    .describe('weights in thousandths of a natural log-odd; null where none is gone by'),
})
export type ModelAnswer = z.output<typeof modelAnswer>

export function answerOfTraining({ chosen, ...training }: Training): TrainingAnswer {
  return {
    candidate_pairs: training.candidatePairs,
    same_pairs: training.samePairs,
    different_pairs: training.differentPairs,
    ruled_pairs: training.ruledPairs,
    fitted_on: training.fittedOn,
    answered_share: rounded(training.answeredShare),
    estimated_share: rounded(training.estimatedShare),
    threshold: chosen && {
      probability: chosen.probability,
      right: chosen.right,
      wrong: chosen.wrong,
      vouched_for: chosen.open,
      join_precision: rounded(chosen.joins),
      join_precision_at_least: rounded(chosen.joinsAtLeast),
      profile_precision_at_least: rounded(chosen.profilesAtLeast),
      pairs_joined: chosen.pairsJoined,
    },
    refused: training.refused,
    // Learned before anybody looked at the clock.
    seconds: training.seconds ?? null,
  }
}

/** What a float has behind them says nothing. */
function rounded(part: number): number {
  return Math.round(part * 1e6) / 1e6
}

export const SWITCHED_OFF = '"learned.use" is false in the active policy'

type Knowing = Pick<Account, 'active' | 'learned'>

export function answerOfKnowledge({ active, learned }: Knowing): KnowledgeAnswer {
  const { knowledge } = active.policy
  const { training, drift } = learned
  const reason = whyNotUsed({ active, learned })
  const { right, wrong } = drift
  const stopped = knowledge?.stopped === true || drift.stopped
  return {
    version: knowledge?.version ?? null,
    used: reason === null,
    reason,
    training: training && answerOfTraining(training),
    drift: { right, wrong, stopped },
  }
}

/** Why profiles are not joined by a model, in words; null when they are. */
export function whyNotUsed({ active, learned }: Knowing): string | null {
  const { training, notice, drift } = learned
  const { knowledge } = active.policy
  if (!active.settings.learned.use) return SWITCHED_OFF
  if (knowledge !== null) return knowledge.stopped || drift.stopped ? stoppedWords(drift) : null
  return notice ?? training?.refused ?? 'nothing was learned yet: a run does'
}

export function answerOfModel(knowing: Knowing): ModelAnswer {
  const { knowledge } = knowing.active.policy
  return {
    ...answerOfKnowledge(knowing),
    model: knowledge && documentOf(knowledge.model),
  }
}

function documentOf({ bias, joinFrom, weights, pairWeights }: Model): ModelDocumentAnswer {
  return {
    bias,
    join_from: joinFrom,
    signals: SIGNAL_IDS.map((signal, i) => ({
      signal,
      meaning: SIGNALS[signal].meaning,
      unit: SIGNALS[signal].unit,
      weights: [...(weights[i] ?? [])].flatMap((one, bin) =>
        bin === 0 ? [] : [{ value: binWords(signal, bin), weight: one }],
      ),
    })),
    pairs: PAIR_TERMS.map(([first, second], i) => ({
      signals: [first, second],
      weights: [...(pairWeights[i] ?? [])].flatMap((one, bin) => {
        const bins = PAIR_SECOND_BINS[i] ?? 1
        const values = [binWords(first, Math.floor(bin / bins)), binWords(second, bin % bins)]
        return one === 0 ? [] : [{ values, weight: one }]
      }),
    })),
  }
}

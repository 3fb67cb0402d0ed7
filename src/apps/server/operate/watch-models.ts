// What is told of learned models when somebody asks for the metrics, over all accounts.
// Invariant: counts of answers fall back to nought with a new model, as a counter does with a restart.

import { Counter, Gauge, type Registry } from 'prom-client'

import type { KnowledgeAnswer } from '../../answers/knowledge-answer.ts'

type Accounts = ReadonlyMap<string, { readonly knowledge: () => KnowledgeAnswer }>

export function watchModels(registry: Registry, accounts: Accounts): void {
  const known = (): readonly KnowledgeAnswer[] =>
    [...accounts.values()].map(({ knowledge }) => knowledge())
  const gauge = (name: string, help: string, read: () => number): void => {
    const collect = function (this: Gauge): void {
      this.set(read())
    }
    registry.registerMetric(new Gauge({ name, help, registers: [], collect }))
  }
  const answers = (name: string, help: string, of: 'right' | 'wrong'): void => {
    const collect = function (this: Counter): void {
      this.reset()
      this.inc(known().reduce((sum, { drift }) => sum + drift[of], 0))
    }
    registry.registerMetric(new Counter({ name, help, registers: [], collect }))
  }
  gauge(
    'selfsame_model_used',
    'Accounts whose profiles are joined by a learned model.',
    () => known().filter(({ used }) => used).length,
  )
  gauge(
    'selfsame_model_stopped',
    'Accounts whose model joins nobody else, since new logins contradict it.',
    () => known().filter(({ drift }) => drift.stopped).length,
  )
  gauge(
    'selfsame_model_join_precision',
    'Share of right ones among joins of a model, its lower 95 % bound when it was learned; the least of all accounts, 1 without a model.',
    () => Math.min(1, ...known().flatMap(precisionOf)),
  )
  answers(
    'selfsame_drift_right_total',
    'First logins on cookies that a model had joined rightly, since it was learned.',
    'right',
  )
  answers(
    'selfsame_drift_wrong_total',
    'First logins on cookies that a model had joined with somebody else, since it was learned.',
    'wrong',
  )
}

function precisionOf({ version, training }: KnowledgeAnswer): readonly number[] {
  const threshold = training?.threshold
  return version === null || !threshold ? [] : [threshold.join_precision_at_least]
}

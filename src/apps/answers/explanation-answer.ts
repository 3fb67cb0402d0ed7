// Why two identifiers are one person or are not, as a schema: the path between them, and what a model makes of them.
// Invariant: as in `answer.ts`, names are public, and times are ISO 8601 in UTC.

import { z } from 'zod'

const instant = z.iso.datetime()
const confidence = z.number().min(0).max(1)

const explainedEdge = z.object({
  from: z.string(),
  to: z.string(),
  kind: z.string(),
  confidence,
  /** Why it does not take part; null when it does. */
  cut: z.string().nullable(),
  first_seen: instant,
  last_seen: instant,
  count: z.int(),
  sites: z.array(z.string()),
  /** Null for a join by a model, of kind `alike`: no one event says it. */
  first_event: z.string().nullable(),
  last_event: z.string().nullable(),
  /** Sizes of the parts the profile would fall into without it; empty where that is not known. */
  without_it: z.array(z.int()),
  /** Of kind `alike`: the version of the model that scored it; null for all others. */
  scored_by: z.string().nullable(),
})

const signalAnswer = z.object({
  name: z.string(),
  /** What it is worth; of a model what it would make of even odds by itself. */
  confidence,
  /** What a model read, in `unit`; null where two are weighed at once, or fixed rules hold. */
  value: z.number().nullable(),
  unit: z.string().nullable(),
  /** What that adds to the sum, in thousandths of a natural log-odd; null where fixed rules hold. */
  weight: z.int().nullable(),
  words: z.string(),
})

/** Two cookies as a model compares them: `bias` and the weights of all signals add up to `sum`. */
const comparedAnswer = z.object({
  from: z.string(),
  to: z.string(),
  /** They were at one address within a few days while few were there: only such pairs are joined. */
  met: z.boolean(),
  signals: z.array(signalAnswer),
  bias: z.int(),
  sum: z.int(),
  /** The least sum that joins. */
  join_from: z.int(),
  /** What the sum and `join_from` stand for. */
  probability: confidence,
  threshold: confidence,
})

export const explanationAnswer = z.object({
  a: z.string(),
  b: z.string(),
  together: z.boolean(),
  path: z.array(explainedEdge),
  /** Index into `path`. */
  weakest: z.int().nullable(),
  refusal: z.object({ guard: z.string(), reason: z.string() }).nullable(),
  /** What they look like says of two that no edge holds together; the strongest first. */
  signals: z.array(signalAnswer),
  score: confidence,
  threshold: confidence,
  question_from: confidence,
  policy: z.string(),
  /** What the learned model says; null where edges hold them together, or fixed rules hold. */
  model: z
    .object({
      scored_by: z.string(),
      /** It joins nobody who is not joined already. */
      stopped: z.boolean(),
      /** Why they are not joined; null when they are. */
      because: z.string().nullable(),
      /** Of two together the joins between them, in order; of two apart the pair of cookies most alike, if any. */
      pairs: z.array(comparedAnswer),
    })
    .nullable(),
})

export type SignalAnswer = z.infer<typeof signalAnswer>
export type ComparedAnswer = z.infer<typeof comparedAnswer>
export type ExplanationAnswer = z.infer<typeof explanationAnswer>

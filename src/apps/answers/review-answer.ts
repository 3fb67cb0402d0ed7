// What the API says of questions to stewards and of their answers.

import { z } from 'zod'

import { profileAnswer } from './answer.ts'
import { explanationAnswer } from './explanation-answer.ts'

const side = z.object({
  identifier: z.string().describe('the member the question stands for, as TYPE:VALUE'),
  profile: z.string().nullable().describe('its profile now; null when it is not there any more'),
  revision: z.int().describe('of that profile: send it with the decision as what was seen'),
  identifiers: z.int().describe('that the profile holds'),
})

const decision = z.object({
  id: z.string().describe('of the decision in the log'),
  verdict: z.enum(['same', 'different']),
  note: z.string(),
  author: z.string(),
  at: z.iso.datetime(),
})

const claim = z.object({ by: z.string(), until: z.iso.datetime() })

export const reviewAnswer = z.object({
  id: z.string(),
  status: z
    .enum(['open', 'decided', 'undone'])
    .describe('undone: just taken back, and nobody asks it any more'),
  guard: z
    .string()
    .nullable()
    .describe('what stands against joining them; null for a decision that nobody asked for'),
  reason: z.string().describe('in words, with the numbers'),
  probability: z.number().nullable().describe('that they are one person, as far as is known'),
  scored_by: z.string().nullable().describe('the model it is of; null for the fixed rules'),
  worth: z.int().nullable().describe('what is worth most is asked first'),
  a: side,
  b: side,
  claim: claim.nullable().describe('who is looking at it'),
  decision: decision.nullable(),
})
export type ReviewAnswer = z.output<typeof reviewAnswer>

export const reviewsAnswer = z.object({
  reviews: z.array(reviewAnswer),
  next: z.string().nullable().describe('`after` of the next page; null when this was the last'),
})
export type ReviewsAnswer = z.output<typeof reviewsAnswer>

const NOTE_CHARACTERS_MAX = 2_000
const revision = z.int().min(0)

export const wantedDecision = z.strictObject({
  verdict: z.enum(['same', 'different']).describe('"same" or "different"'),
  note: z.string().max(NOTE_CHARACTERS_MAX).default('').describe('why, for whoever asks later'),
  seen: z
    .strictObject({ a: revision, b: revision })
    .nullable()
    .default(null)
    .describe(
      'revisions of both profiles as they were shown; the answer is 409 if one is another now',
    ),
})
export type WantedDecision = z.input<typeof wantedDecision>

export const reviewDetailAnswer = reviewAnswer.extend({
  profiles: z.array(profileAnswer).describe('of both sides, with their golden records'),
  explanation: explanationAnswer.nullable().describe('why they are, or are not, one person'),
})
export type ReviewDetailAnswer = z.output<typeof reviewDetailAnswer>

// What the API says of questions to stewards and of their answers.

import { z } from 'zod'

import { profileAnswer } from './answer.ts'
import { explanationAnswer } from './explanation-answer.ts'
import { groupedAnswer, previewAnswer } from './preview-answer.ts'

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

const second = z.object({
  from: z.int().describe('identifiers of both together from which it takes two stewards'),
  by: z.string().nullable().describe('who has said "same"; null: nobody yet'),
  at: z.iso.datetime().nullable(),
  note: z.string().nullable(),
})

const implied = z.object({
  verdict: z.enum(['same', 'different']),
  chain: z.array(decision).describe('the verdicts that it follows from, from a to b'),
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
  guard_words: z
    .string()
    .nullable()
    .describe('what stands against it, in words; null where the reason says so'),
  probability: z.number().nullable().describe('that they are one person, as far as is known'),
  scored_by: z.string().nullable().describe('the model it is of; null for the fixed rules'),
  worth: z.int().nullable().describe('what is worth most is asked first'),
  a: side,
  b: side,
  claim: claim.nullable().describe('who is looking at it'),
  decision: decision.nullable(),
  second: second
    .nullable()
    .describe('"same" takes a second steward, who has to say it too; null where one is enough'),
  implied: implied
    .nullable()
    .describe('what earlier verdicts say already: the opposite would contradict them'),
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
  preview: z
    .object({
      same: previewAnswer.extend({ profiles: z.array(groupedAnswer) }),
      different: z.object({ profiles: z.array(groupedAnswer) }),
    })
    .nullable()
    .describe('of an open question: what would come of either answer'),
})
export type ReviewDetailAnswer = z.output<typeof reviewDetailAnswer>

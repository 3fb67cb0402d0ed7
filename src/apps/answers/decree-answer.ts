// What the API says of merges, splits and quarantines by hand: what would come of them, or what came.

import { z } from 'zod'

import { groupedAnswer, previewAnswer } from './preview-answer.ts'

const NOTE_CHARACTERS_MAX = 2_000
const IDENTIFIERS_MAX = 1_000

const identifier = z.string().min(1).max(1_024)
const note = z.string().max(NOTE_CHARACTERS_MAX).default('').describe('why, for whoever asks later')

export const wantedMerge = z.strictObject({
  profiles: z
    .tuple([identifier, identifier])
    .describe('two profile ids, or TYPE:VALUE of a member'),
  note,
})
export type WantedMerge = z.input<typeof wantedMerge>

export const wantedSplit = z.strictObject({
  identifiers: z
    .array(identifier)
    .min(1)
    .max(IDENTIFIERS_MAX)
    .describe('those that are somebody else, as TYPE:VALUE'),
  note,
})
export type WantedSplit = z.input<typeof wantedSplit>

export const wantedQuarantine = z.strictObject({
  identifier: identifier.describe('TYPE:VALUE; from then on it joins nobody'),
  note,
})
export type WantedQuarantine = z.input<typeof wantedQuarantine>

export const decreeAnswer = z.object({
  dry_run: z.boolean().describe('true: nothing was changed'),
  decision: z
    .string()
    .nullable()
    .describe('its id, by which a merge or split is undone: DELETE /v1/reviews/{id}/decision'),
  awaits_second: z
    .boolean()
    .describe('so large a merge takes a second steward: it is noted, and nothing is changed yet'),
  profiles: z
    .array(groupedAnswer)
    .describe('how the identifiers that it is about are grouped by it'),
  preview: previewAnswer
    .nullable()
    .describe('of a merge or split that is only tried: what would come of it'),
})
export type DecreeAnswer = z.output<typeof decreeAnswer>

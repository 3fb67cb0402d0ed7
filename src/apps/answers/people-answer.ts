// Lists of people as answers: who was heard of last, and who was found.

import { z } from 'zod'

import { profileKind, profileState } from './answer.ts'

const count = z.int().min(0)

/** `golden_name` of the latest published run, else first and last name, else a readable e-mail. */
const name = z.string().nullable().describe('what to call the person, as the latest run has it')

const visitor = z.object({
  profile: z.string(),
  kind: profileKind,
  state: profileState,
  name,
  identifier: z
    .string()
    .describe('what tells most of those that its latest message names, as TYPE:VALUE'),
  confidence: z.number().min(0).max(1).nullable(),
  revision: z.int(),
  identifiers: count.describe('how many it has'),
  by_type: z.record(z.string(), count),
  sites: z.array(z.string()),
  /** The latest message that names one of them. */
  last: z.object({
    at: z.iso.datetime(),
    type: z.string(),
    name: z.string(),
    site: z.string(),
    device: z.string().nullable(),
    page: z.string().nullable(),
  }),
})

export const visitorsAnswer = z.object({
  visitors: z.array(visitor),
  /** What to ask for as `before` to go on; null when there are none. A page may be empty and have it. */
  next: z.string().nullable(),
})
export type VisitorsAnswer = z.output<typeof visitorsAnswer>

export const searchAnswer = z.object({
  query: z.string(),
  results: z.array(
    z.object({
      profile: z.string(),
      kind: profileKind,
      state: profileState,
      name,
      identifiers: count.describe('how many it has'),
      matched: z.object({
        what: z.enum(['profile', 'identifier', 'name', 'contact']),
        text: z.string(),
      }),
      exact: z.boolean().describe('true: an id or identifier, asked of the live graph'),
    }),
  ),
  run: z.int().nullable().describe('the run whose tables were searched; null where there are none'),
})
export type SearchAnswer = z.output<typeof searchAnswer>

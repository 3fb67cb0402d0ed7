// What the API says of what would come of a merge or a split, before anybody does it.

import { z } from 'zod'

export const groupedAnswer = z.object({
  id: z.string().nullable().describe('of the profile; null for one that would be new'),
  identifiers: z.array(z.string()).describe('of those it is about, as TYPE:VALUE'),
  size: z.int().describe('identifiers that the profile holds in all'),
})

const golden = z
  .union([z.string(), z.array(z.string())])
  .nullable()
  .describe('null: no value; a list for a union')

export const previewAnswer = z.object({
  survives: z
    .string()
    .nullable()
    .describe(
      'the profile that goes on under the id it has; of a merge the one that was founded first',
    ),
  gives_way: z.array(z.string()).describe('profiles whose ids lead to another one from then on'),
  identifiers_moved: z.array(z.string()).describe('that would be in another profile'),
  events_moved: z.int().describe('messages that would be another profile’s'),
  events_moved_more: z
    .boolean()
    .describe('there are more: only the latest of each profile are looked at'),
  golden_changes: z
    .array(z.object({ attribute: z.string(), before: golden, after: golden }))
    .describe('of the profile that survives, as far as messages were looked at'),
  settles: z.array(z.string()).describe('other open questions that nobody would ask any more'),
})
export type PreviewAnswer = z.output<typeof previewAnswer>

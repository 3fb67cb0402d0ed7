// Settings of what a run reads out of journeys: which events are conversions, and who gets credit for them.

import { z } from 'zod'

import { text } from './settings-parts.ts'

const HOST_ALLOWED = 'a host in lower case, such as pay.example'
const host = text(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/, HOST_ALLOWED)

export const conversions = z
  .record(
    z.string().min(1).max(256),
    z.union([z.enum(['revenue', 'count', 'none']), z.number().min(0).max(1_000_000_000)]),
  )
  .default({})
  .describe('event name → worth of the conversion, beside the built-in table; none takes one out')

export const attribution = z.strictObject({
  lookbackDays: z
    .int()
    .min(1)
    .max(3_650)
    .default(30)
    .describe('days before a conversion in which a touchpoint gets credit for it'),
  ownHosts: z
    .array(host)
    .max(1_000)
    .default([])
    .describe(
      'hosts that bring nobody, beside origins of sites: payment pages, other sites of yours',
    ),
})

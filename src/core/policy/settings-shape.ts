// The configuration file: every setting with its default, strict, so that a misspelt one is refused.
// It is also the JSON Schema of the file and the tables of docs/configuration.md.

import { isSupportedCountry } from 'libphonenumber-js/min'
import { z } from 'zod'

import { ACT_KINDS } from './defaults.ts'
import { golden } from './settings-golden.ts'
import { attribution, conversions } from './settings-journeys.ts'
import {
  confidence,
  whole,
  text,
  name,
  field,
  site,
  declaredType,
  edges,
  promiscuity,
  guards,
  candidates,
  learned,
  ageing,
  batch,
  list,
  limits,
  review,
  server,
} from './settings-parts.ts'

/** The configuration file, before its settings are held against one another. */
export const settingsShape = z.strictObject({
  $schema: z.string().optional().describe('where the JSON Schema of this file lies, for editors'),
  account: name.default('default').describe('the account; every identifier’s key begins with it'),
  contacts: z
    .enum(['keep', 'hash'])
    .default('keep')
    .describe('hash: e-mails and phones are replaced before anything is written'),
  phone: z
    .strictObject({
      defaultRegion: z
        .string()
        .refine((region) => isSupportedCountry(region), {
          error: 'is no country',
          params: { allowed: 'a two-letter country code in capitals, such as "DE", or null' },
        })
        .nullable()
        .default(null)
        .describe('country of numbers without “+”; null: such numbers are no identifier'),
    })
    .prefault({}),
  contactFields: z
    .strictObject({
      email: z.array(field).min(1).max(8).default(['email']).describe('fields that hold an e-mail'),
      phone: z.array(field).min(1).max(8).default(['phone']).describe('fields that hold a phone'),
    })
    .prefault({}),
  sites: z
    .record(name, site)
    .default({})
    .describe('site name → what is special about it; a site not listed has the defaults'),
  identifierTypes: z
    .record(text(/^[a-z][a-z0-9_]{0,62}$/, 'a lower-case name with digits and "_"'), declaredType)
    .default({})
    .describe('name → an identifier type declared in addition'),
  namespaces: z
    .record(
      text(/^[^\s:@A-Z]{1,64}$/, 'a name without capitals, space, ":" and "@"'),
      z.strictObject({
        unique: z.boolean().describe('true: a profile holds at most one value of it'),
      }),
    )
    .default({})
    .describe('namespace of external ids → whether unique; `user` and `crm` are unless said here'),
  events: z
    .record(z.string().min(1).max(256), z.enum([...ACT_KINDS, 'none']))
    .default({})
    .describe('event name → the edge it makes, beside the built-in table; none takes one out'),
  edges: edges.prefault({}),
  crossSite: z
    .strictObject({
      email: confidence(0.99, 'the most an edge of an e-mail is worth on a second site'),
      phone: confidence(0.95, 'the same for a phone'),
      external_id: confidence(0.95, 'the same for an external id'),
      ipAndSignature: confidence(0.5, 'same ip and signature on two sites: replaces their sum'),
      signature: confidence(0.3, 'same signature only'),
      ip: confidence(0.15, 'same ip only'),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      merge: confidence(0.85, 'confidence from which two sides are joined'),
      question: confidence(0.5, 'confidence from which a pair that is not joined is asked about'),
      margin: confidence(0.05, 'how far the best candidate must lead the next'),
    })
    .prefault({}),
  promiscuity: promiscuity.prefault({}),
  guards: guards.prefault({}),
  ageing: ageing.prefault({}),
  candidates: candidates.prefault({}),
  learned: learned.prefault({}),
  junk: z
    .strictObject({
      add: list('values that name nobody, beside the built-in list'),
      allow: list('values of the built-in list that are real here'),
    })
    .prefault({}),
  roleMailboxes: z
    .strictObject({
      add: list('local parts that several people read, beside the built-in list'),
      allow: list('local parts of the built-in list that are one person’s here'),
    })
    .prefault({}),
  session: z
    .strictObject({ gapMinutes: whole(30, 1, 'minutes without an event that end a session') })
    .prefault({}),
  golden: golden.prefault({}),
  conversions,
  attribution: attribution.prefault({}),
  batch: batch.prefault({}),
  review: review.prefault({}),
  limits: limits.prefault({}),
  server: server.prefault({}),
})

/** The configuration with every default filled in. */
export type Settings = z.output<typeof settingsShape>

// The parts of the configuration: each group of settings with its defaults, units and meanings.

import { z } from 'zod'

import { ACT_KINDS } from './defaults.ts'

export const confidence = (value: number, meaning: string) =>
  z.number().min(0).max(1).default(value).describe(meaning)

export const whole = (value: number, min: number, meaning: string) =>
  z.int().min(min).default(value).describe(meaning)

export const text = (pattern: RegExp, allowed: string) =>
  z.string().regex(pattern, { error: allowed }).meta({ $comment: allowed })

const NAME_ALLOWED =
  'up to 63 lower-case letters, digits, "_", "-" and ".", a letter or digit first'
export const name = text(/^[a-z0-9][a-z0-9._-]{0,62}$/, NAME_ALLOWED)

const path = text(
  /^(traits|context|properties)(\.(?!__proto__)[A-Za-z0-9_$ -]{1,64}){1,8}$/,
  'a path of names below traits, context or properties, such as context.device.advertisingId',
)

export const field = text(/^[^\s].{0,63}$/, 'the name of a field, up to 64 characters')

const inOrder = (crowd: { warn: number; full: number; void: number }) =>
  crowd.warn <= crowd.void && crowd.full <= crowd.void

const crowd = (warn: number, full: number, none: number, who: string) =>
  z
    .strictObject({
      warn: whole(warn, 1, `${who} a UTC day from which the identifier is listed as promiscuous`),
      full: whole(full, 1, `${who} a UTC day up to which it counts in full`),
      void: whole(none, 1, `${who} a UTC day beyond which it counts for nothing on that day`),
    })
    .refine(inOrder, {
      error: 'is out of order',
      params: { allowed: 'warn and full no larger than void' },
    })

const ORIGIN_ALLOWED = 'a scheme and a host as a browser sends them, such as https://shop.example'
const origin = text(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, ORIGIN_ALLOWED)

const NETWORK_ALLOWED = 'an address or a network, such as 10.0.0.0/8 or ::1'
const network = text(/^[0-9a-fA-F.:]{2,45}(\/\d{1,3})?$/, NETWORK_ALLOWED)

export const site = z.strictObject({
  account: name
    .optional()
    .describe('the account the site belongs to; by default that of the configuration'),
  origins: z
    .array(origin)
    .max(100)
    .default([])
    .describe('web origins whose pages may send for this site; empty: all'),
  crossSite: z
    .boolean()
    .default(true)
    .describe('false: nothing seen on this site ever joins what was seen on another'),
  userBase: name
    .optional()
    .describe('sites of one user base share their user ids; by default each site has its own'),
})

export const declaredType = z.strictObject({
  role: z
    .enum(['member', 'witness'])
    .describe(
      'member: belongs to a profile; witness: only testifies that two cookies belong together',
    ),
  from: z
    .array(path)
    .min(1)
    .max(8)
    .describe('where a message carries it; of traits both traits and context.traits are read'),
  normalise: z
    .enum(['exact', 'lower'])
    .default('exact')
    .describe('exact: trimmed; lower: in lower case as well'),
  edge: z
    .enum([...ACT_KINDS, 'external_link'])
    .default('external_link')
    .describe('members: the edge from the cookie of the message'),
  rank: whole(20, 1, 'members: whose an event is; cookie 10, phone 30, email 40, external_id 50'),
  perProfileMax: whole(5, 0, 'members: values in one profile at most; 0 = any number'),
  reassignedAfterDays: whole(0, 0, 'days unseen after which it has changed hands; 0 = never'),
  crossSite: confidence(0.5, 'the most an edge of it is worth on a second site'),
  crowd: crowd(5, 20, 20, 'cookies (member) or people (witness)').prefault({}),
})

export const edges = z.strictObject({
  login: confidence(0.99, 'cookie → e-mail or external id: logged in with it'),
  checkout: confidence(0.98, 'cookie → e-mail: completed a checkout with it'),
  form_submit: confidence(0.95, 'cookie → e-mail or phone: submitted a form with it'),
  external_link: confidence(0.95, 'cookie → external id: a CRM or ad system tied them'),
  same_message: confidence(0.95, 'e-mail, phone, external id ↔ each other, named together'),
  alias: confidence(0.95, 'external id or cookie → external id: `alias` said so'),
  same_session: confidence(0.8, 'cookie → device signature: observed together'),
  ip_match: confidence(0.4, 'cookie → ip: observed from it'),
  email_match: confidence(1, 'the same e-mail on two sites: one node'),
  signature_match: confidence(0.6, 'cookie ↔ cookie: the same device signature'),
  ip_temporal: confidence(0.3, 'cookie ↔ cookie: the same ip within the window'),
  behaviour: confidence(0.2, 'cookie ↔ cookie: alike in what they do; support only'),
})

export const promiscuity = z.strictObject({
  ip: crowd(5, 10, 100, 'people').prefault({}),
  device_signature: crowd(5, 10, 100, 'people').prefault({}),
  email: crowd(5, 20, 20, 'cookies').prefault({}),
  phone: crowd(5, 20, 20, 'cookies').prefault({}),
  external_id: crowd(5, 20, 20, 'cookies').prefault({}),
})

export const guards = z.strictObject({
  emailsPerProfileMax: whole(5, 1, 'e-mails in one profile at most'),
  phonesPerProfileMax: whole(5, 1, 'phones in one profile at most'),
  namedPerCookieMax: whole(
    20,
    1,
    'e-mails, phones and ids one cookie may name; beyond, it is shared',
  ),
  idsPerContactMax: whole(
    2,
    1,
    'values of one unique id an e-mail or phone may be named with; beyond, it is shared',
  ),
  profileIdentifiersMax: whole(1_000, 2, 'identifiers in one profile; beyond, the steward decides'),
  neighbourhoodIdentifiersMax: whole(2_000, 2, 'identifiers to look at; beyond, the batch decides'),
})

export const candidates = z.strictObject({
  anchorsMax: whole(10, 1, 'people a witness may have on a day to bring up a pair'),
  perGroupMax: whole(32, 1, 'candidates a group is compared with'),
  rounds: whole(10, 0, 'rounds of joining best candidates; 0: witnesses never join anybody'),
  addressDays: whole(3, 0, 'days between sightings at one address up to which it brings up a pair'),
})

export const learned = z.strictObject({
  use: z.boolean().default(true).describe('false: nothing is learned, the fixed rules hold'),
  precision: z
    .number()
    .min(0.5)
    .max(0.9999)
    .default(0.99)
    .describe(
      'least share of pairs of identifiers in profiles that are one person’s, shown with 95 %',
    ),
})

export const ageing = z.strictObject({
  ipHalfLifeHours: whole(12, 0, 'half-life of the gap between two sightings on an ip; 0 = none'),
  ipWindowDays: whole(1, 0, 'sightings on an ip further apart are no candidates, days'),
  signatureHalfLifeHours: whole(
    336,
    0,
    'half-life of the gap between two sightings of a signature',
  ),
  signatureWindowDays: whole(
    56,
    0,
    'sightings of a signature further apart are no candidates, days',
  ),
  phoneReassignedAfterDays: whole(
    730,
    0,
    'days unseen after which a phone has changed hands; 0 = never',
  ),
  emailReassignedAfterDays: whole(
    0,
    0,
    'days unseen after which an e-mail has changed hands; 0 = never',
  ),
})

export const list = (meaning: string) =>
  z.array(z.string().min(1).max(256)).default([]).describe(meaning)

/** Of any one message as it is kept: with its name and identifiers beside it, within what the log takes as a record. */
export const MESSAGE_BYTES_MOST = 1_000_000

const bytesOfOne = (usual: number, meaning: string) =>
  z.int().min(256).max(MESSAGE_BYTES_MOST).default(usual).describe(meaning)

export const limits = z.strictObject({
  segment: z
    .strictObject({
      messageBytesMax: bytesOfOne(32_768, 'bytes a message on the Segment paths'),
      bodyBytesMax: whole(512_000, 256, 'bytes a request body'),
      batchMessagesMax: whole(2_500, 1, 'messages a batch'),
    })
    .prefault({}),
  rudderstack: z
    .strictObject({
      messageBytesMax: bytesOfOne(524_288, 'bytes a message of a RudderStack client'),
      bodyBytesMax: whole(4_194_304, 256, 'bytes a request body'),
    })
    .prefault({}),
  lineBytesMax: bytesOfOne(524_288, 'bytes a line of a file that is loaded'),
  messagesPerSecond: whole(50_000, 1, 'messages a write key may send, over ten seconds or so'),
  requestsPerSecond: whole(10_000, 1, 'questions a token may ask, over ten seconds or so'),
  waitingMessages: whole(5_000, 1, 'messages that may wait for the disk; past it clients get 429'),
  openRequests: whole(500, 1, 'requests that may be under way at once; past it clients get 429'),
})

export const batch = z.strictObject({
  atHours: z
    .array(z.int().min(0).max(23))
    .max(24)
    .default([])
    .describe('hours of the day (UTC) at which a server starts a batch run; empty: none by itself'),
})

export const review = z.strictObject({
  fourEyesFrom: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .describe(
      'identifiers of two profiles together from which a second steward must agree; null: never',
    ),
})

export const server = z.strictObject({
  trustedProxies: z
    .array(network)
    .max(100)
    .default([])
    .describe('proxies whose X-Forwarded-For and X-Forwarded-Proto are believed'),
})

// The answers of the query API and of `--json`, as schemas: the same shape is written here and read by a client.
// Invariant: names are public; times are ISO 8601 in UTC, e-mails and phones stand by their digest.

import { z } from 'zod'

import { knowledgeAnswer } from './knowledge-answer.ts'
import { explanationAnswer } from './explanation-answer.ts'

const instant = z.iso.datetime()
const confidence = z.number().min(0).max(1)

export const profileKind = z.enum(['anonymous', 'person', 'shared'])
export const profileState = z.enum(['provisional', 'confirmed', 'awaiting_batch'])

/** Null only for a token that is limited to sites, of what was seen on others too: they would tell of those. */
const seen = instant.nullable()

const identifierAnswer = z.object({
  /** `TYPE:VALUE`, as a look-up takes it. */
  identifier: z.string(),
  type: z.string(),
  namespace: z.string(),
  value: z.string(),
  first_seen: seen,
  last_seen: seen,
  sites: z.array(z.string()),
  quarantined: z.boolean(),
})

const goldenValue = z.object({
  attribute: z.string(),
  /** Of a union all its values. */
  value: z.union([z.string(), z.array(z.string())]),
  /** The message it came with. */
  event_id: z.string(),
  site: z.string(),
  at: instant,
  rule: z.string(),
  /** That message was a login or an order. */
  verified: z.boolean(),
  /** How many different values were said, and the next best of them. */
  different: z.int(),
  others: z.array(z.string()),
})

const goldenAnswer = z.object({
  values: z.array(goldenValue),
  /** False: there are more messages than are read for an answer; a batch run reads all. */
  whole: z.boolean(),
})

export const profileAnswer = z.object({
  id: z.string(),
  /** The identifier that was asked for, as it stands among `identifiers`; null when an id was. */
  asked: z.string().nullable(),
  kind: profileKind,
  /** Why a shared identifier joins nobody, in words; null for all others. */
  shared_because: z.string().nullable(),
  state: profileState,
  /** Of the weakest link that holds it together; null for a single identifier, and as for `first_seen`. */
  confidence: confidence.nullable(),
  weakest_link: z.string().nullable(),
  revision: z.int(),
  first_seen: seen,
  last_seen: seen,
  sites: z.array(z.string()),
  identifiers: z.array(identifierAnswer),
  /** Cookies of several people that its members used: theirs only session by session. */
  shared_cookies: z.array(identifierAnswer),
  /** What messages said of the person; null unless it was asked for. */
  golden: goldenAnswer.nullable(),
})

export const timelineAnswer = z.object({
  profile: z.string(),
  /** Oldest first. */
  events: z.array(
    z.object({
      event_id: z.string(),
      type: z.string(),
      name: z.string(),
      at: instant,
      received_at: instant,
      site: z.string(),
      identifiers: z.array(z.string()),
      /** What it was sent from, as far as the message says. */
      device: z.string().nullable(),
      page: z.string().nullable(),
      /** By which way somebody came to that page: a campaign, `google / cpc / spring`, or the host of another site. */
      came_by: z.string().nullable(),
    }),
  ),
  /** What to ask for as `before` to go on with older ones; null when there are none. A page may be empty and have it. */
  next: z.string().nullable(),
})

export const historyAnswer = z.object({
  profile: z.string(),
  /** Oldest first. */
  changes: z.array(
    z.object({
      sequence: z.int(),
      revision: z.int(),
      event: z.enum(['created', 'merged', 'split', 'updated', 'confirmed']),
      from: z.array(z.string()),
      at: instant,
      reason: z.string(),
    }),
  ),
})

export const membershipAnswer = z.object({
  profile: profileAnswer,
  /** Of the identifier and each other member, at most some. */
  explanations: z.array(explanationAnswer),
})

const graphNode = identifierAnswer.extend({
  /** Id of the profile that holds it; null for a witness. */
  profile: z.string().nullable(),
  shared_because: z.string().nullable(),
  /** The most cookies that named it on one UTC day; null for cookies and witnesses, and where nobody counted. */
  promiscuity: z.int().nullable(),
})

const graphEdge = z.object({
  from: z.string(),
  to: z.string(),
  kind: z.string(),
  /** What its kind is worth by itself. */
  confidence,
  /** What is left of that; 0 for an edge to a witness, which joins nobody by itself. */
  effective_confidence: confidence,
  /** Why it joins nobody; null when nothing is against it. */
  cut: z.string().nullable(),
  /** Whether it is one of those that hold the profile together. */
  holds: z.boolean(),
  count: z.int(),
  first_seen: instant,
  last_seen: instant,
  sites: z.array(z.string()),
  /** Of kind `alike`, which a model has inferred: its version; null for all others. */
  scored_by: z.string().nullable(),
})

export const graphAnswer = z.object({
  profile: z.string(),
  /** Members first, then members of other profiles one edge away, then witnesses. */
  nodes: z.array(graphNode),
  /** Between these nodes, with a member of the profile on at least one end. */
  edges: z.array(graphEdge),
  /** There is more around the profile than is here. */
  truncated: z.boolean(),
})

const count = z.int().min(0)

export const statsAnswer = z.object({
  /** Messages in the log, and the few decisions. */
  log_records: count,
  identifiers: z.object({ total: count, by_type: z.record(z.string(), count) }),
  /** Of these, seen with as many people on the latest day as make them so. */
  promiscuous: z.object({ total: count, by_type: z.record(z.string(), count) }),
  edges: count,
  /** Ids that gave way to others are left out. */
  profiles: z.object({
    total: count,
    by_kind: z.record(profileKind, count),
    by_state: z.record(profileState, count),
  }),
  /** Open ones. */
  questions: count,
  /** Neighbourhoods too large to be decided at once; what is in them waits for a batch. */
  waiting: count,
  /** Cookies and people (profiles but shared ones) by the UTC day they were first seen on; the latest days that have any. */
  days: z.array(z.object({ day: z.iso.date(), cookies: count, people: count })),
  knowledge: knowledgeAnswer,
})

export type IdentifierAnswer = z.infer<typeof identifierAnswer>
export type ProfileAnswer = z.infer<typeof profileAnswer>
export type TimelineAnswer = z.infer<typeof timelineAnswer>
export type GraphAnswer = z.infer<typeof graphAnswer>
export type HistoryAnswer = z.infer<typeof historyAnswer>
export type MembershipAnswer = z.infer<typeof membershipAnswer>
export type StatsAnswer = z.infer<typeof statsAnswer>

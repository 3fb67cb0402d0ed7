// What the server is put together from. Web standards only: the entry of a runtime brings the rest.

import type { Recent } from '../../core/identifier/recent.ts'
import type { Extraction, Fact, Settings } from '../../core/index.ts'
import type { SitesOfOthers } from '../../core/policy/account-settings.ts'
import type { Resolver } from '../../flows/resolver.ts'
import type { EventLog } from '../../ports/event-log.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { Access } from '../access/access.ts'
import type { KeyMaking } from '../access/make-key.ts'
import type { Rejects } from '../account/rejects.ts'
import type { ConfigurationAnswer } from '../answers/configuration-answer.ts'
import type { KnowledgeAnswer } from '../answers/knowledge-answer.ts'
import type { LookUps } from '../answers/look-ups.ts'
import type { Runs } from '../batch/runs.ts'
import type { People } from '../people/people.ts'
import type { ByHand } from '../steward/by-hand.ts'
import type { Reviews } from '../steward/reviews.ts'
import type { RejectsAnswer, ReplayAnswer } from '../answers/reject-answer.ts'
import type { ConsoleFiles } from './console-files.ts'
import type { BodyReader } from './collect/body-reader.ts'
import type { Intake } from './collect/intake.ts'
import type { Metrics } from './operate/metrics.ts'
import type { Streams } from './stream/streams.ts'
import type { RateLimit } from './who/rate-limit.ts'
import type { Traffic } from './traffic.ts'
import type { Turns } from './turns.ts'

/** One account as it is served. */
export interface ServedAccount {
  readonly name: string
  readonly extraction: Extraction
  readonly others: SitesOfOthers
  readonly resolver: Resolver
  readonly log: Pick<EventLog, 'end'>
  /** Records that the log holds here and the stored graph does not. */
  readonly unstored: () => Promise<number>
  readonly store: IdentityStore
  readonly storeBytes: () => Promise<{ readonly log: number; readonly graph: number }>
  readonly intake: Intake
  readonly reader: BodyReader
  /** By message id: those whose sender asked for their profile. */
  readonly answeredLately: Recent<Fact>
  readonly lookUps: LookUps
  /** Lists of people. */
  readonly people: Pick<People, 'visitors' | 'search'>
  /** Who listens to its feed. */
  readonly streams: Streams
  readonly reviews: Reviews
  readonly byHand: ByHand
  /** Where rejects go at this instant. */
  readonly rejects: () => Rejects
  /** The kept rejects: to be listed, and taken again. */
  readonly kept: KeptRejects
  /** What runs decide by, as of this instant. */
  readonly configuration: () => ConfigurationAnswer
  /** What was learned, as of this instant. */
  readonly knowledge: () => KnowledgeAnswer
  readonly runs: Pick<Runs, 'latest' | 'past' | 'start' | 'atHours'>
  /** Why the graph could not be written of late; null when it could. */
  readonly flushFailure: () => unknown
}

export interface KeptRejects {
  /** Null for a `before` that is none. */
  list(before: string | null, limit: number): Promise<RejectsAnswer | null>
  /** Null while another one is under way. */
  replay(): Promise<ReplayAnswer | null>
}

export interface ServerParts {
  readonly accounts: ReadonlyMap<string, ServedAccount>
  readonly access: Access
  readonly keys: KeyMaking
  /** Of the whole installation. */
  readonly settings: Settings
  /** Messages by write key. */
  readonly sendingRate: RateLimit
  /** Questions by token. */
  readonly askingRate: RateLimit
  readonly traffic: Traffic
  /** Reading what was sent is work. */
  readonly turns: Turns
  readonly metrics: Metrics
  /** The tag's script, for pages. */
  readonly tag: string
  readonly console: ConsoleFiles
  /** Ms since the epoch. */
  readonly now: () => number
  /** Told of what nobody foresaw. */
  readonly report: (cause: unknown) => void
}

/** What the runtime knows of a request beside it. */
export interface Connection {
  /** Address of the client; undefined when it is not known. */
  readonly remoteAddress?: string
  /** Whether the client came by https, as far as is known. */
  readonly secure?: boolean
  /** Ends the connection at once, whatever waits on it. */
  readonly cut?: () => void
  /** The body, at most so many bytes of it, where the runtime has a faster way to it than the request's stream. */
  readonly body?: (bytesMax: number, arrived: (bytes: number) => void) => Promise<ReceivedBody>
}

/** `cut_off`: the connection ended before the body did. */
export type ReceivedBody = Uint8Array<ArrayBuffer> | 'too_large' | 'cut_off'

export type Env = { Bindings: Connection }

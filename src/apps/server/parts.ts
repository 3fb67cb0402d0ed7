// What the server is put together from. Web standards only: the entry of a runtime brings the rest.

import type { Rejects } from '../account/rejects.ts'
import type { LookUps } from '../answers/look-ups.ts'
import type { OwnerParts } from '../../flows/owner-of-message.ts'
import type { Access } from './access.ts'
import type { Intake } from './intake.ts'

export interface ServerParts {
  readonly account: OwnerParts & { readonly flushFailure: () => unknown }
  readonly intake: Intake
  readonly lookUps: LookUps
  readonly access: Access
  /** Where rejects go at this instant. */
  readonly rejects: () => Rejects
  /** Ms since the epoch. */
  readonly now: () => number
  /** Told of what nobody foresaw. */
  readonly report: (cause: unknown) => void
}

/** What the runtime knows of a request beside it. */
export interface Connection {
  /** Address of the peer; undefined when it is not known. */
  readonly remoteAddress?: string
}

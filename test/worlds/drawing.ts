// A world drawn fact by fact from a seed: identifiers of its own, and what messages say of them.
// Invariant: the seed alone says what is drawn, so a world that fails is named by a number.
import { createHash } from 'node:crypto'

import type { Fact, FactEdge } from '../../src/core/edge/fact.ts'
import { type Identifier, keyOf } from '../../src/core/identifier/identifier.ts'
import type { StoredEdgeKind } from '../../src/core/policy/edge-kind.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import type { Dice } from '../chaos/random.ts'
import { NO_CLUES } from '../../src/core/edge/clue.ts'

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** 2024-10-04, a day like any other. */
const FIRST_DAY = 20_000

/** Time of a UTC day and hour of the world, ms. */
export function time(day: number, hour = 10, second = 0): number {
  return (FIRST_DAY + day) * DAY_MS + hour * HOUR_MS + second * 1_000
}

/** Kinds of identifier that shapes are made of: type and namespace. */
const TYPES = {
  cookie: ['cookie', ''],
  email: ['email', ''],
  phone: ['phone', ''],
  user: ['external_id', 'user'],
  crm: ['external_id', 'crm@outlet'],
  /** A person may have any number. */
  card: ['external_id', 'card'],
  ip: ['ip', ''],
  signature: ['device_signature', 'screen+gpu'],
} as const satisfies Record<string, readonly [string, string]>

export type Of = keyof typeof TYPES

/** What a message says: who sent it, what it names, from where. */
interface Saying {
  readonly cookie?: Identifier
  readonly names?: readonly Identifier[]
  readonly witnesses?: readonly Identifier[]
  readonly kind?: StoredEdgeKind
  /** ms */
  readonly at?: number
  readonly site?: string
}

export interface Drawing {
  readonly dice: Dice
  readonly policy: Policy
  readonly facts: readonly Fact[]
  /** A new identifier. */
  make(of: Of): Identifier
  /** One of those that were made. */
  any(): Identifier
  say(saying: Saying): void
  /** A message that does nothing but tie two members. */
  tie(a: Identifier, b: Identifier, kind: StoredEdgeKind, at?: number): void
}

export function newDrawing(world: number, policy: Policy, dice: Dice): Drawing {
  const facts: Fact[] = []
  const made: Identifier[] = []
  const add = (
    identifiers: readonly Identifier[],
    edges: readonly FactEdge[],
    at: number,
    site: string,
  ): void => {
    const id = `${world}-${facts.length}`
    const { account } = policy
    const rest = { account, site, type: 'track', name: '', at, receivedAt: at } as const
    facts.push({ id, ...rest, identifiers, edges, clues: NO_CLUES })
  }
  return {
    dice,
    policy,
    facts,
    make(of) {
      const [type, namespace] = TYPES[of]
      const value = `${of}${made.length}-${world}`
      const key = keyOf(digest, policy.account, type, namespace, value)
      made.push({ key, type, namespace, value })
      return { key, type, namespace, value }
    },
    any: () => dice.pick(made),
    say({ cookie, names = [], witnesses = [], kind = 'login', at = time(0), site = 'a' }) {
      const identifiers = [...(cookie === undefined ? [] : [cookie]), ...names, ...witnesses]
      const place = (one: Identifier): number => identifiers.indexOf(one)
      const edges: FactEdge[] = []
      if (cookie !== undefined) {
        for (const one of names) edges.push({ from: 0, to: place(one), kind })
        for (const one of witnesses)
          edges.push({
            from: 0,
            to: place(one),
            kind: one.type === 'ip' ? 'ip_match' : 'same_session',
          })
      }
      for (const [nth, one] of names.entries())
        for (const other of names.slice(nth + 1))
          edges.push({ from: place(one), to: place(other), kind: 'same_message' })
      add(identifiers, edges, at, site)
    },
    tie: (a, b, kind, at = time(0)) => add([a, b], [{ from: 0, to: 1, kind }], at, 'a'),
  }
}

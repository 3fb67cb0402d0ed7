// What becomes of a value that should name somebody: an identifier, or a refusal with its reason.

import { keyOf, type Digest, type Identifier } from './identifier.ts'

export type RefusalReason =
  /** Stands for nobody: `null`, `anonymous`, an all-zero UUID, `test@test.com` … */
  | 'junk'
  /** Too few different characters to tell people apart. */
  | 'too_plain'
  | 'too_long'
  /** Not an address, a number or a namespace of its type. */
  | 'malformed'
  /** A phone without country, and no default region is set, or a number its country does not have. */
  | 'not_a_number'
  /** A private, loopback, link-local, reserved or shared address. */
  | 'not_public'
  /** An ip whose last part was zeroed before it was sent. */
  | 'anonymised'
  /** Neither text nor a whole number. */
  | 'wrong_type'
  /** A number larger than JSON can carry exactly. */
  | 'rounded_number'
  /** More external ids than one message may name. */
  | 'too_many'

/** A value that was sent as an identifier and is none. */
export interface Refused {
  readonly type: string
  readonly reason: RefusalReason
}

export type Made = Identifier | Refused

/** An e-mail or phone; `several` when more than one person reads it, so that naming it names nobody. */
export type Contact =
  | { readonly identifier: Identifier; readonly several: boolean }
  | (Refused & { readonly identifier?: undefined })

export function isRefused(made: Made): made is Refused {
  return 'reason' in made
}

const REFUSALS = new Map<string, Refused>()

/** A refusal; equal ones are one object, since junk comes in floods. */
export function refuse(type: string, reason: RefusalReason): Refused {
  const name = `${type} ${reason}`
  let refused = REFUSALS.get(name)
  if (refused === undefined) REFUSALS.set(name, (refused = { type, reason }))
  return refused
}

/** What an identifier is made with. */
export interface Maker {
  readonly digest: Digest
  readonly settings: { readonly account: string }
}

export function makeIdentifier(
  maker: Maker,
  type: string,
  namespace: string,
  value: string,
): Identifier {
  const key = keyOf(maker.digest, maker.settings.account, type, namespace, value)
  return { key, type, namespace, value }
}

// An identifier: one normalised value of one type. Its key is what the graph, the ties and the ids are built on.

import type { Digest } from '../policy/digest.ts'

export type { Digest }

/** `cookie`, `email`, `phone`, `external_id`, `device_signature`, `ip`, or a type of the configuration. */
export type IdentifierType = string
/** Hex SHA-256 of account, type, namespace and value; compared as ASCII. */
export type Key = string

export interface Identifier {
  readonly key: Key
  readonly type: IdentifierType
  /** Namespace of an external id (`crm`, `user`, `user@shop`), the known parts of a signature, else empty. */
  readonly namespace: string
  /** As received and normalised; of an e-mail or phone, the hex SHA-256 of its normal form. */
  readonly value: string
}

const SEPARATOR = '\u001f'

/** The key of an identifier. The value comes last, so no value can imitate another identifier's parts. */
export function keyOf(
  digest: Digest,
  account: string,
  type: string,
  namespace: string,
  value: string,
): Key {
  return digest(account + SEPARATOR + type + SEPARATOR + namespace + SEPARATOR + value)
}

/** The first 64 bits of a key as a signed whole number, in the order of keys. */
export function numberOf(key: Key): bigint {
  return BigInt.asIntN(64, BigInt(`0x${key.slice(0, 16)}`) ^ (1n << 63n))
}

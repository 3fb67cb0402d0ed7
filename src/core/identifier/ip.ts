// Addresses: IPv4 as it is, IPv6 by its /64, which is what a household or a phone is given.
// Invariant: only addresses that the open internet routes are identifiers; one address has one spelling.

import ipaddr from 'ipaddr.js'

import type { Extraction, Scope } from './extraction.ts'
import { makeIdentifier, refuse, type Made, type RefusalReason } from './made.ts'

const ADDRESS_CHARACTERS_MAX = 45

/** Documentation ranges: no sender on the internet has one, and examples and tests need addresses of nobody. */
const EXAMPLES_V4 = /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./
const EXAMPLES_V6 = /^2001:db8:/
/** 2000::/3 is all of IPv6 that is given to anybody. */
const GLOBAL_V6 = /^[23][0-9a-f]{3}:/

export type NormalIp =
  | { readonly value: string }
  | { readonly value?: undefined; readonly reason: RefusalReason }

export function ipOf(extraction: Extraction, scope: Scope, raw: string): Made {
  let made = scope.ips.get(raw)
  if (made === undefined) {
    const normal = normalIp(raw)
    made =
      normal.value === undefined
        ? refuse('ip', normal.reason)
        : makeIdentifier(extraction, 'ip', scope.suffix, normal.value)
    scope.ips.set(raw, made)
  }
  return made
}

/** `203.0.113.7`, or `2001:db8:1:2::/64`, or why the text is no address that tells anything. */
export function normalIp(text: string): NormalIp {
  const trimmed = text.trim().replace(/\/64$/, '').toLowerCase()
  if (trimmed.length > ADDRESS_CHARACTERS_MAX) return { reason: 'malformed' }
  if (ipaddr.IPv4.isValidFourPartDecimal(trimmed)) return normalV4(ipaddr.IPv4.parse(trimmed))
  if (!ipaddr.IPv6.isValid(trimmed)) return { reason: 'malformed' }
  const address = ipaddr.IPv6.parse(trimmed)
  return address.isIPv4MappedAddress() ? normalV4(address.toIPv4Address()) : normalV6(address)
}

function normalV4(address: ipaddr.IPv4): NormalIp {
  const value = address.toString()
  if (address.range() !== 'unicast' && !EXAMPLES_V4.test(value)) return { reason: 'not_public' }
  // Senders that anonymise addresses zero the last part: it would join up to 256 subscribers.
  return address.octets[3] === 0 ? { reason: 'anonymised' } : { value }
}

function normalV6(address: ipaddr.IPv6): NormalIp {
  const prefix = new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()
  const isGlobal = address.range() === 'unicast' && GLOBAL_V6.test(prefix)
  if (!isGlobal && !EXAMPLES_V6.test(prefix)) return { reason: 'not_public' }
  return { value: `${prefix}/64` }
}

/** The /24 of an IPv4 identifier's value; the /64 that an IPv6 one is. */
export function ipPrefix(value: string): string {
  return value.includes(':') ? value : `${value.slice(0, value.lastIndexOf('.'))}.0/24`
}

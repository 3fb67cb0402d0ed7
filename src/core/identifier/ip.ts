// Addresses: IPv4 as it is, IPv6 by its /64, which is what a household or a phone is given.
// Invariant: only addresses that the open internet routes are identifiers; one address has one spelling.

import type { Extraction, Scope } from './extraction.ts'
import { makeIdentifier, refuse, type Made, type RefusalReason } from './made.ts'

const ADDRESS_CHARACTERS_MAX = 45

/** Ranges of IPv4 that nobody on the internet has. Documentation ranges are not among them: examples need some. */
const NOT_PUBLIC_V4: readonly (readonly [first: number, bits: number])[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '224.0.0.0/3',
].map((range) => {
  const [address = '', bits = ''] = range.split('/')
  return [numberOfV4(address), Number(bits)]
})

/** 2000::/3 is all of IPv6 that is given to anybody, … */
const GLOBAL_V6 = /^[23][0-9a-f]{3}:/
/** … but for tunnels (Teredo, 6to4) and test networks, whose addresses say little of their user. */
const NOT_PUBLIC_V6 = /^(?:2002:|2001:(?::|[0-9a-f]{1,2}:|1[0-9a-f]{2}:))/

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
  const address = text.trim()
  if (address.length > ADDRESS_CHARACTERS_MAX) return { reason: 'malformed' }
  const number = numberOfV4(address)
  if (!Number.isNaN(number)) return normalV4(address, number)
  const hextets = hextetsOf(address)
  if (hextets === null) return { reason: 'malformed' }
  return V4_MAPPED.every((hextet, i) => hextets[i] === hextet)
    ? normalIp(v4Of(hextets[6] ?? 0, hextets[7] ?? 0))
    : normalV6(hextets)
}

// By hand: an address is normalised for every fifth message or so, and the library takes thirty times as long.
function numberOfV4(text: string): number {
  let number = 0
  let octet = -1
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit === -2 && octet >= 0) {
      number = number * 256 + octet
      octet = -1
      dots++
    } else if (digit >= 0 && digit <= 9 && octet !== 0) {
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return Number.NaN
    } else {
      return Number.NaN
    }
  }
  return dots === 3 && octet >= 0 ? number * 256 + octet : Number.NaN
}

function normalV4(value: string, number: number): NormalIp {
  for (const [first, bits] of NOT_PUBLIC_V4) {
    if ((number ^ first) >>> (32 - bits) === 0) return { reason: 'not_public' }
  }
  // Senders that anonymise addresses zero the last part: it would join up to 256 subscribers.
  return number % 256 === 0 ? { reason: 'anonymised' } : { value }
}

/** The first six hextets of an IPv4 address written as IPv6. */
const V4_MAPPED = [0, 0, 0, 0, 0, 0xffff]

function v4Of(high: number, low: number): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/** The eight numbers of an IPv6 address; null when it is none. */
function hextetsOf(text: string): readonly number[] | null {
  const [head = '', tail, more] = text.replace(/::\/64$/, '::').split('::')
  if (more !== undefined) return null
  const first = hextetsIn(head, tail === undefined)
  const last = tail === undefined ? [] : hextetsIn(tail, true)
  const missing = 8 - first.length - last.length
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  const hextets = [...first, ...Array<number>(missing).fill(0), ...last]
  return hextets.includes(Number.NaN) ? null : hextets
}

/** Numbers of `1:2:3`, an IPv4 address at the address's end counted as two; `NaN` for what is none. */
function hextetsIn(text: string, isEnd: boolean): number[] {
  if (text === '') return []
  return text.split(':').flatMap((part, i, all) => {
    if (/^[0-9a-f]{1,4}$/i.test(part)) return Number.parseInt(part, 16)
    const v4 = isEnd && i === all.length - 1 ? numberOfV4(part) : Number.NaN
    return Number.isNaN(v4) ? v4 : [Math.floor(v4 / 65_536), v4 % 65_536]
  })
}

function normalV6(hextets: readonly number[]): NormalIp {
  const network = hextets.slice(0, hextets.slice(0, 4).findLastIndex((part) => part !== 0) + 1)
  const prefix = `${network.map((part) => part.toString(16)).join(':')}::`
  if (!GLOBAL_V6.test(prefix) || NOT_PUBLIC_V6.test(prefix)) return { reason: 'not_public' }
  return { value: `${prefix}/64` }
}

/** The /24 of an IPv4 identifier's value; the /64 that an IPv6 one is. */
export function ipPrefix(value: string): string {
  return value.includes(':') ? value : `${value.slice(0, value.lastIndexOf('.'))}.0/24`
}

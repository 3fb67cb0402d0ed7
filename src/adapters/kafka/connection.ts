// Where a broker or a registry is, out of one URL each. Invariant: what is shown of it never holds a password.

import { readFileSync } from 'node:fs'
import type { BaseOptions, SASLOptions } from '@platformatic/kafka'

export interface KafkaAddress {
  readonly brokers: readonly string[]
  readonly prefix: string
  readonly tls: boolean
  /** File of the authority that signed the brokers' certificates. */
  readonly authority: string | null
  readonly sasl: SASLOptions | null
  /** For people. */
  readonly shown: string
}

export interface RegistryAddress {
  /** Without user, password and a slash at the end. */
  readonly base: string
  readonly authorization: string | null
  readonly shown: string
}

const DEFAULT_PORT = 9092
const DEFAULT_PREFIX = 'selfsame'
const FORM =
  /^(kafkas?):\/\/(?:([^:@/]+):([^@/]*)@)?([^@/?#]+)(?:\/([A-Za-z0-9._-]{0,100}))?(?:\?([^#]*))?$/
const MECHANISMS: ReadonlyMap<string, SASLOptions['mechanism']> = new Map([
  ['plain', 'PLAIN'],
  ['scram-sha-256', 'SCRAM-SHA-256'],
  ['scram-sha-512', 'SCRAM-SHA-512'],
])

/**
 * `kafka://host:port,host:port/PREFIX`, `kafkas://…` for TLS, `user:password@` for SASL with `?sasl=plain`,
 * `scram-sha-256` or `scram-sha-512`, `?ca=FILE` for an authority of one's own. User and password are percent-encoded.
 * @throws {RangeError} for anything else, in words that hold no password
 */
export function parseKafkaUrl(url: string): KafkaAddress {
  const [, scheme = '', user, password = '', hosts = '', prefix = '', query = ''] =
    FORM.exec(url) ?? []
  const brokers = hosts.split(',').map(withPort)
  if (scheme === '' || brokers.includes('')) {
    throw new RangeError('a log is kafka://host:port,host:port/PREFIX, or kafkas:// for TLS')
  }
  const asked = new URLSearchParams(query)
  const unknown = [...asked.keys()].find((name) => name !== 'sasl' && name !== 'ca')
  if (unknown !== undefined)
    throw new RangeError(`the URL of a log takes sasl and ca, not ${unknown}`)
  if (scheme === 'kafka' && asked.has('ca'))
    throw new RangeError('an authority (?ca=) is for kafkas://, which speaks TLS')
  return {
    brokers,
    prefix: prefix === '' ? DEFAULT_PREFIX : prefix,
    tls: scheme === 'kafkas',
    authority: asked.get('ca'),
    sasl: user === undefined ? null : saslOf(asked.get('sasl') ?? 'plain', user, password),
    shown: `${scheme}://${brokers.join(',')}`,
  }
}

function withPort(host: string): string {
  if (/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/.test(host)) return host
  return /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)$/.test(host) ? `${host}:${DEFAULT_PORT}` : ''
}

function saslOf(name: string, user: string, password: string): SASLOptions {
  const mechanism = MECHANISMS.get(name)
  if (mechanism === undefined) {
    throw new RangeError(`sasl is one of ${[...MECHANISMS.keys()].join(', ')}`)
  }
  return { mechanism, username: decoded(user), password: decoded(password) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new RangeError('user and password of a URL are percent-encoded')
  }
}

/** @throws {RangeError} for what is no http(s) URL, in words that hold no password */
export function parseRegistryUrl(url: string): RegistryAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new RangeError('a registry is http://host:port/path or https://…')
  }
  const { username, password, origin, pathname } = parsed
  const base = origin + pathname.replace(/\/+$/, '')
  const pair = `${decoded(username)}:${decoded(password)}`
  const authorization = username === '' ? null : `Basic ${Buffer.from(pair).toString('base64')}`
  return { base, authorization, shown: base }
}

/** What every client of these brokers is made with. */
export function clientOptions(address: KafkaAddress, clientId: string): BaseOptions {
  return {
    clientId,
    bootstrapBrokers: [...address.brokers],
    // The default gives up for good after three attempts; a broker may be away for longer.
    retries: true,
    retryDelay: 250,
    timeout: 30_000,
    ...(address.sasl !== null && { sasl: address.sasl }),
    ...(address.tls && { tls: tlsOf(address) }),
  }
}

function tlsOf({ authority }: KafkaAddress): { ca?: string } {
  return authority === null ? {} : { ca: readFileSync(authority, 'utf8') }
}

// Whose request it is: the peer's, or what a proxy that is trusted says of it.
// Invariant: a header of anybody else is believed in nothing.

import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

import { Recent } from '../../../core/identifier/recent.ts'
import type { Connection } from '../parts.ts'

/** Asking a list takes longer than the rest of this; a proxy has few addresses, and a client comes back. */
const PEERS_REMEMBERED = 1_024

export interface TrustedProxies {
  has(address: string): boolean
}

/** Networks as `10.0.0.0/8` or single addresses; the configuration has checked how they look. */
export function trustedProxies(networks: readonly string[]): TrustedProxies {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  const known = new Recent<boolean>(PEERS_REMEMBERED)
  return {
    has: (address) => {
      let isOne = known.get(address)
      if (isOne === undefined) {
        isOne = list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
        known.set(address, isOne)
      }
      return isOne
    },
  }
}

export function clientOf(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  proxies: TrustedProxies,
): Connection {
  const peer = plain(socket.remoteAddress ?? '')
  const encrypted = 'encrypted' in socket && socket.encrypted === true
  if (isIP(peer) === 0) return { secure: encrypted }
  if (!proxies.has(peer)) return { remoteAddress: peer, secure: encrypted }
  const proto = String(headers['x-forwarded-proto'] ?? '')
    .trim()
    .toLowerCase()
  return {
    remoteAddress: forwardedFor(String(headers['x-forwarded-for'] ?? ''), peer, proxies),
    secure: encrypted || proto === 'https',
  }
}

/** From the right, the first address that is no trusted proxy's own: what stands left of it the client made up. */
function forwardedFor(header: string, peer: string, proxies: TrustedProxies): string {
  let client = peer
  for (const entry of header.split(',').toReversed()) {
    const address = plain(entry.trim())
    if (isIP(address) === 0) break
    client = address
    if (!proxies.has(address)) break
  }
  return client
}

/** An IPv4 address as such, also on a socket that takes both; a port some proxies add is left out. */
function plain(address: string): string {
  const bare =
    /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  return bare.replace(/^::ffff:(?=\d+\.)/i, '')
}

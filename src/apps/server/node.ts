// The server under Node: listens, knows the peer's address, and stops without cutting off an answer.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

import { systemCodeOf, systemError, UserError } from '../user-error.ts'
import { clientOf, type TrustedProxies } from './client-address.ts'
import type { Env } from './parts.ts'

/** Nobody on a slow line needs longer for the head, or for all, of a request of a few megabytes, ms. */
const HEADERS_MS_MAX = 15_000
const REQUEST_MS_MAX = 60_000
const HEADER_BYTES_MAX = 16 * 1024
/** Longer than a load balancer in front keeps its connections, so that it never writes into one that is closing, ms. */
const KEEP_ALIVE_MS = 75_000
/** Connections at once; past it they are closed unread. */
const CONNECTIONS_MAX = 10_000
/** How often requests are looked at for being too slow, ms. */
const CHECK_EVERY_MS = 5_000

/** How long an answer under way is waited for on a stop, ms. */
const STOP_WAIT_MS = 10_000

export interface Address {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
}

export interface Listening {
  readonly url: string
  /** Takes no more requests; resolves when those under way are answered, or were waited for long enough. */
  stop(): Promise<void>
}

/** @throws {UserError} when the port is taken or may not be used. */
export async function listen(
  app: Hono<Env>,
  { host, port }: Address,
  proxies: TrustedProxies,
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, { incoming }) => app.fetch(request, clientOf(incoming, proxies)),
    hostname: host,
    createServer,
    serverOptions: {
      headersTimeout: HEADERS_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
  })
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen({ host, port }, cause)))
    server.listen(port, host, resolve)
  })
  const given = portOf(server.address())
  return {
    url: `http://${reachable(host)}:${given}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      const cut = setTimeout(() => {
        if ('closeAllConnections' in server) server.closeAllConnections()
      }, STOP_WAIT_MS)
      await closed
      clearTimeout(cut)
    },
  }
}

/** The host as this machine reaches it: one that stands for every address is reached over loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host.includes(':') ? `[${host === '::' ? '::1' : host}]` : host
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('a server that listens on a port has an address')
}

function cannotListen({ host, port }: Address, cause: unknown): UserError {
  if (systemCodeOf(cause) === 'EADDRINUSE') {
    const hint = 'Stop the program that has it, or choose another: --port 8788'
    return new UserError(`port ${port} of ${host} is in use`, { hint, cause })
  }
  return systemError(`listen on port ${port} of ${host}`, cause)
}

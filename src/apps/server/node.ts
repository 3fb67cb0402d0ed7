// The server under Node: listens, knows the peer's address, and stops without cutting off an answer.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createAdaptorServer, type HttpBindings, type Http2Bindings } from '@hono/node-server'
import type { Hono } from 'hono'

import { systemCodeOf, systemError, UserError } from '../user-error.ts'
import { clientOf, type TrustedProxies } from './who/client-address.ts'
import { bodyOf } from './incoming-body.ts'
import type { Connection, Env } from './parts.ts'

/** What one who connects may cost. */
export interface ConnectionLimits {
  /** For the head of a request, and for all of it: nobody on a slow line needs longer for a few megabytes. */
  readonly headersMsMax: number
  readonly requestMsMax: number
  /** How often requests are looked at for being too slow. */
  readonly checkEveryMs: number
  readonly headerBytesMax: number
  /** Longer than a load balancer in front keeps its connections, so that it never writes into one that is closing. */
  readonly keepAliveMs: number
  /** At once; past it they are closed unread. */
  readonly connectionsMax: number
  /** How long an answer under way is waited for on a stop. */
  readonly stopWaitMs: number
}

const CONNECTION_LIMITS: ConnectionLimits = {
  headersMsMax: 15_000,
  requestMsMax: 60_000,
  checkEveryMs: 5_000,
  headerBytesMax: 16 * 1024,
  keepAliveMs: 75_000,
  connectionsMax: 10_000,
  stopWaitMs: 10_000,
}

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
  changed: Partial<ConnectionLimits> = {},
): Promise<Listening> {
  const limits = { ...CONNECTION_LIMITS, ...changed }
  const turn = endOfTurn()
  const server = createAdaptorServer({
    fetch: async (request, { incoming }) => {
      const answer = await app.fetch(request, connectionOf(incoming, proxies))
      await turn()
      return answer
    },
    hostname: host,
    createServer,
    serverOptions: {
      headersTimeout: limits.headersMsMax,
      requestTimeout: limits.requestMsMax,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.headerBytesMax,
    },
  })
  server.maxConnections = limits.connectionsMax
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
      }, limits.stopWaitMs)
      await closed
      clearTimeout(cut)
    },
  }
}

/**
 * Answers of one turn of the event loop are written one after the other at its end: to wake who waits for them costs
 * more than to write one, and he is woken once. (Twice the look-ups a second where client and server share a machine.)
 */
function endOfTurn(): () => Promise<void> {
  let end: Promise<void> | null = null
  return async () =>
    (end ??= new Promise((resolve) => {
      setImmediate(() => {
        end = null
        resolve()
      })
    }))
}

function connectionOf(
  incoming: (HttpBindings | Http2Bindings)['incoming'],
  proxies: TrustedProxies,
): Connection {
  return {
    ...clientOf(incoming, proxies),
    cut: () => incoming.socket.destroy(),
    body: async (bytesMax, arrived) => bodyOf(incoming, bytesMax, arrived),
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

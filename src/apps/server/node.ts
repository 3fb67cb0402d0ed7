// The server under Node: listens, knows the peer's address, and stops without cutting off an answer.

import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

import { systemCodeOf, systemError, UserError } from '../user-error.ts'
import type { Connection } from './parts.ts'

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
  app: Hono<{ Bindings: Connection }>,
  { host, port }: Address,
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, { incoming }) => app.fetch(request, connectionOf(incoming)),
    hostname: host,
  })
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

function connectionOf({ socket }: Pick<IncomingMessage, 'socket'>): Connection {
  const address = socket.remoteAddress
  // An IPv4 peer of a socket that takes both.
  return address === undefined ? {} : { remoteAddress: address.replace(/^::ffff:(?=\d+\.)/, '') }
}

function cannotListen({ host, port }: Address, cause: unknown): UserError {
  if (systemCodeOf(cause) === 'EADDRINUSE') {
    const hint = 'Stop the program that has it, or choose another: --port 8788'
    return new UserError(`port ${port} of ${host} is in use`, { hint, cause })
  }
  return systemError(`listen on port ${port} of ${host}`, cause)
}

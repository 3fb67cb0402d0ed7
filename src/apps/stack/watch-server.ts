// The small server of a process that has no other: how it is, and what it counts.

import { Hono } from 'hono'
import type { Registry } from 'prom-client'

import { type Address, listen, type Listening } from '../server/node.ts'
import type { Env } from '../server/parts.ts'
import { UserError } from '../user-error.ts'
import { trustedProxies } from '../server/who/client-address.ts'

/** @throws {UserError} when the port is taken. */
export async function watchServer(registry: Registry, address: Address): Promise<Listening> {
  const app = new Hono<Env>()
  app.get('/metrics', async (context) =>
    context.text(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  try {
    return await listen(app, address, trustedProxies([]))
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    throw new UserError(cause.message, { hint: 'Choose another: --metrics-port PORT, 0 for any.' })
  }
}

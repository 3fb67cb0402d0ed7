// The server as a function from Request to Response: every route, and what to answer when something fails.
// Invariant: a sender is told to come back (503) exactly when trying again can help.

import { Hono } from 'hono'

import { StoreError } from '../../ports/store-error.ts'
import { askRoutes } from './ask.ts'
import { collectRoutes } from './collect.ts'
import type { Connection, ServerParts } from './parts.ts'
import { problem } from './problem.ts'

/** Seconds after which a full disk or a busy store is worth another try. */
const RETRY_AFTER_SECONDS = 5

export function createApp(parts: ServerParts): Hono<{ Bindings: Connection }> {
  const app = new Hono<{ Bindings: Connection }>()
  app.route('/v1', collectRoutes(parts))
  app.route('/v1', askRoutes(parts))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) => {
    const failure = parts.account.flushFailure()
    return failure === null ? c.json({ status: 'ready' }) : unavailable(failure)
  })
  app.notFound(() => problem({ status: 404, title: 'there is nothing at this path' }))
  app.onError((cause) => {
    parts.report(cause)
    if (cause instanceof StoreError) return unavailable(cause)
    return problem({ status: 500, title: 'something went wrong here' })
  })
  return app
}

/** Clients send again on a 503; the message of a store names files, which are nobody's business outside. */
function unavailable(cause: unknown): Response {
  const reason = cause instanceof StoreError ? cause.code : 'unavailable'
  const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) }
  return problem({ status: 503, title: 'the store does not answer', reason, headers })
}

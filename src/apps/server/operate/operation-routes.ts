// What those who run it ask: does it live, may requests come, and how is it doing.

import { Hono } from 'hono'

import { StoreError } from '../../../ports/store-error.ts'
import { askingOf } from '../who/callers.ts'
import type { Env, ServerParts } from '../parts.ts'
import { problem } from '../problem.ts'

export function operationRoutes(parts: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  routes.get('/healthz', (c) => c.json({ status: 'ok' }))
  routes.get('/readyz', (c) => {
    for (const { flushFailure } of parts.accounts.values()) {
      const failure = flushFailure()
      if (failure !== null) return notReady(failure)
    }
    return c.json({ status: 'ready' })
  })
  routes.get('/metrics', async (c) => {
    const asking = await askingOf(parts, c, 'reader')
    if (asking instanceof Response) return asking
    const { account, sites } = asking.caller
    if (account !== parts.settings.account || sites !== null) {
      const detail = 'metrics are of the whole installation: they take a token of its own account'
      return problem({ status: 403, title: 'not allowed', detail, reason: 'whole_installation' })
    }
    const text = await parts.metrics.registry.metrics()
    return c.body(text, 200, { 'content-type': parts.metrics.registry.contentType })
  })
  return routes
}

function notReady(failure: unknown): Response {
  const reason = failure instanceof StoreError ? failure.code : 'unavailable'
  return problem({ status: 503, title: 'the graph cannot be written', reason })
}

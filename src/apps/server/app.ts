// The server as a function from Request to Response: every route, and what to answer when something fails.
// Invariant: a sender is told to come back (429, 503) exactly when trying again can help.

import { Hono } from 'hono'
import { matchedRoutes } from 'hono/route'

import { StoreError } from '../../ports/store-error.ts'
import { configurationRoutes } from './administer/configuration-routes.ts'
import { keyRoutes } from './administer/key-routes.ts'
import { runRoutes } from './administer/run-routes.ts'
import { byHandRoutes } from './decide/by-hand-routes.ts'
import { reviewRoutes } from './decide/review-routes.ts'
import { rejectRoutes } from './administer/reject-routes.ts'
import { accountRoutes } from './ask/account-routes.ts'
import { openApiOf } from './ask/openapi.ts'
import { peopleRoutes } from './ask/people-routes.ts'
import { profileRoutes } from './ask/profile-routes.ts'
import { mount, type Route } from './ask/route.ts'
import { streamRoutes } from './ask/stream-routes.ts'
import { firstPartyRoutes } from './collect/first-party.ts'
import { rudderstackRoutes } from './collect/rudderstack.ts'
import { segmentRoutes } from './collect/segment.ts'
import { consoleRoutes } from './console-routes.ts'
import { operationRoutes } from './operate/operation-routes.ts'
import type { Env, ServerParts } from './parts.ts'
import { problem } from './problem.ts'
import { sessionRoutes } from './who/sessions.ts'
import { Overloaded } from './traffic.ts'

/** Seconds after which a full disk or a busy store is worth another try. */
const RETRY_AFTER_SECONDS = 5

/** Answered however much is under way: who sees no answer here takes the server for dead and starts it again. */
const FOR_OPERATORS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** Those that any path takes. */
const METHODS = ['GET', 'POST', 'DELETE'] as const

export const ROUTES: readonly Route[] = [
  ...profileRoutes,
  ...peopleRoutes,
  ...accountRoutes,
  ...reviewRoutes,
  ...byHandRoutes,
  ...rejectRoutes,
  ...keyRoutes,
  ...runRoutes,
  ...configurationRoutes,
]

export function createApp(parts: ServerParts): Hono<Env> {
  const app = new Hono<Env>()
  const { metrics, traffic } = parts
  app.use(async (c, next) => {
    // Refused before anything of it is read: to say so must cost next to nothing.
    if (traffic.isFull && !FOR_OPERATORS.has(c.req.path)) return busy()
    const startedAt = performance.now()
    traffic.enter()
    try {
      await next()
    } finally {
      traffic.leave()
      const labels = { route: matchedRoutes(c).at(-1)?.path ?? '', status: c.res.status }
      metrics.requests.observe(labels, (performance.now() - startedAt) / 1_000)
    }
    return undefined
  })
  app.route('/v1', segmentRoutes(parts))
  app.route('/', rudderstackRoutes(parts))
  app.route('/', firstPartyRoutes(parts))
  app.route('/', sessionRoutes(parts))
  app.route('/', operationRoutes(parts))
  app.route('/', consoleRoutes(parts.console))
  app.route('/', streamRoutes(parts))
  for (const one of ROUTES) mount(app, parts, one)
  const document = JSON.stringify(openApiOf(ROUTES))
  app.get('/openapi.json', (c) => c.body(document, 200, { 'content-type': 'application/json' }))
  app.notFound((c) => {
    const methods = methodsAt(app, c.req.path)
    if (methods.length > 0) return wrongMethod(c.req.method, methods)
    return problem({ status: 404, title: 'there is nothing at this path', reason: 'no_path' })
  })
  app.onError((cause) => {
    if (cause instanceof Overloaded) return busy()
    parts.report(cause)
    if (cause instanceof StoreError) return unavailable(cause)
    return problem({ status: 500, title: 'something went wrong here' })
  })
  return app
}

/** What a path takes; none of one that is not there. */
function methodsAt({ router }: Hono<Env>, path: string): readonly string[] {
  return METHODS.filter((method) => {
    const [handlers] = router.match(method, path)
    return handlers.some(([[, route]]) => route.method === method)
  })
}

function wrongMethod(method: string, allowed: readonly string[]): Response {
  // Hono answers a HEAD as it would the GET.
  const allow = allowed.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])).join(', ')
  const detail = `this path takes ${allow}, not ${method}`
  const headers = { allow }
  return problem({ status: 405, title: 'wrong method', detail, reason: 'wrong_method', headers })
}

function busy(): Response {
  const headers = { 'retry-after': '1' }
  return problem({ status: 429, title: 'too many requests', reason: 'overloaded', headers })
}

/** Clients send again on a 503; the message of a store names files, which are nobody's business outside. */
function unavailable(cause: StoreError): Response {
  const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) }
  return problem({ status: 503, title: 'the store does not answer', reason: cause.code, headers })
}

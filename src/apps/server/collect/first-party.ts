// First-party collecting: a small tag for pages, and a visitor cookie that the server sets on the site's own domain,
// where scripts cannot read it and browsers keep it.

import { Hono, type Context } from 'hono'
import { generateCookie, getCookie } from 'hono/cookie'

import type { Fields } from '../../../core/event/event.ts'
import { openToPages } from '../who/cross-origin.ts'
import type { Env, ServerParts } from '../parts.ts'
import { collect, type Path } from './collect.ts'
import { WIRES } from './wire.ts'

const VISITOR_COOKIE = 'selfsame_visitor'

/** The longest that browsers keep a cookie. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60

const TAG_SECONDS = 3_600
/** For this long an older one will do while the server is away: the tag keeps what it cannot send. */
const OLD_TAG_SECONDS = 86_400

const COLLECT: Path = { type: null, single: false, historical: false, wire: WIRES.segment }

/** What such a cookie holds; anything else somebody else has put there. */
const VISITOR = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function firstPartyRoutes(parts: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  routes.use('/collect', openToPages(true))
  routes.post('/collect', async (c) => collectFrom(parts, c))
  routes.get('/selfsame.js', (c) =>
    c.body(parts.tag, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': `public, max-age=${TAG_SECONDS}, stale-while-revalidate=${OLD_TAG_SECONDS}`,
      // Pages of the site load it from another name of its domain.
      'cross-origin-resource-policy': 'cross-origin',
    }),
  )
  return routes
}

async function collectFrom(parts: ServerParts, c: Context<Env>): Promise<Response> {
  let visitor = visitorIn(getCookie(c, VISITOR_COOKIE))
  const visitorOf = (body: Fields): string =>
    // A page proposes one, so that what it sends again, or sends before the first answer, makes no second visitor.
    (visitor ??= visitorIn(body['visitor']) ?? crypto.randomUUID())
  const answer = await collect(parts, c, COLLECT, { visitorOf })
  if (!answer.ok || visitor === null) return answer
  const cookie = generateCookie(VISITOR_COOKIE, visitor, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    // A page on this very machine has no https; anywhere else the cookie never travels in the clear.
    secure: c.env.secure === true || !isLoopback(c),
    maxAge: COOKIE_SECONDS,
  })
  // On the answer itself: what is set on the context is not on a response made elsewhere.
  answer.headers.append('set-cookie', cookie)
  return answer
}

function visitorIn(value: unknown): string | null {
  return typeof value === 'string' && VISITOR.test(value) ? value : null
}

function isLoopback(c: Context<Env>): boolean {
  const { hostname } = new URL(c.req.url)
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}

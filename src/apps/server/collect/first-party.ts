// First-party collecting: a small tag for pages, and a visitor cookie that the server sets on the site's own domain,
// where scripts cannot read it and browsers keep it.

import { Hono, type Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

import { openToPages } from '../cross-origin.ts'
import type { Env, ServerParts } from '../parts.ts'
import { collect, type Path } from './collect.ts'
import { segmentWire } from './wire.ts'

export const VISITOR_COOKIE = 'selfsame_visitor'

/** The longest that browsers keep a cookie. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60

const TAG_SECONDS = 3_600

const COLLECT: Path = { type: null, single: false, historical: false, wire: segmentWire }

/** What such a cookie holds; anything else somebody else has put there. */
const VISITOR = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function firstPartyRoutes(parts: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  routes.use('/collect', openToPages(true))
  routes.post('/collect', async (c) => collectFrom(parts, c))
  routes.get('/selfsame.js', (c) =>
    c.body(parts.tag, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': `public, max-age=${TAG_SECONDS}`,
      // Pages of the site load it from another name of its domain.
      'cross-origin-resource-policy': 'cross-origin',
    }),
  )
  return routes
}

async function collectFrom(parts: ServerParts, c: Context<Env>): Promise<Response> {
  const known = getCookie(c, VISITOR_COOKIE)
  const visitor = known !== undefined && VISITOR.test(known) ? known : crypto.randomUUID()
  const answer = await collect(parts, c, COLLECT, { visitor })
  if (!answer.ok) return answer
  setCookie(c, VISITOR_COOKIE, visitor, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    // A page on this very machine has no https; anywhere else the cookie never travels in the clear.
    secure: c.env.secure === true || !isLoopback(c),
    maxAge: COOKIE_SECONDS,
  })
  return answer
}

function isLoopback(c: Context<Env>): boolean {
  const { hostname } = new URL(c.req.url)
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}

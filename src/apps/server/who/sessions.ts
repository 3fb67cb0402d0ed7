// Browsers sign in with a token and get a cookie, since an event stream and a page's images cannot carry a header.

import { Hono, type Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'

import { readJson } from '../collect/request-body.ts'
import type { Caller } from '../../access/access.ts'
import { askingOf, isSameOrigin, SESSION_COOKIE } from './callers.ts'
import type { Env, ServerParts } from '../parts.ts'
import { problem } from '../problem.ts'

const BODY_BYTES_MAX = 4_096
const signIn = z.object({ token: z.string().min(1) })

export function sessionRoutes(parts: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  routes.get('/v1/session', async (c) => {
    const asking = await askingOf(parts, c, 'reader')
    if (asking instanceof Response) return asking
    c.header('cache-control', 'no-store')
    return c.json(whoIs(asking.caller))
  })
  routes.post('/v1/session', async (c) => open(parts, c))
  routes.delete('/v1/session', async (c) => {
    const session = getCookie(c, SESSION_COOKIE)
    if (session !== undefined && !isSameOrigin(c)) return crossSite()
    if (session !== undefined) await parts.access.endSession(session)
    deleteCookie(c, SESSION_COOKIE, { path: '/' })
    return c.body(null, 204)
  })
  return routes
}

/** `name`: what the token was made for, by which decisions are signed. */
function whoIs({
  name,
  account,
  role,
  sites,
}: Caller): Pick<Caller, 'name' | 'account' | 'role' | 'sites'> {
  return { name, account, role, sites }
}

async function open(parts: ServerParts, c: Context<Env>): Promise<Response> {
  // A page elsewhere must not be able to sign somebody in as somebody else.
  if (c.req.header('origin') !== undefined && !isSameOrigin(c)) return crossSite()
  const posted = signIn.safeParse(await readJson(parts, c, BODY_BYTES_MAX))
  if (!posted.success) {
    const detail = 'send {"token": "sst_…"}'
    return problem({ status: 400, title: 'not understood', detail, reason: 'not_understood' })
  }
  const session = await parts.access.openSession(posted.data.token)
  if (session === null) {
    const detail = 'there is no such token, or it was revoked'
    return problem({ status: 401, title: 'no token', detail, reason: 'no_token' })
  }
  setCookie(c, SESSION_COOKIE, session.text, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: c.env.secure === true,
    expires: new Date(session.expiresAt),
  })
  c.header('cache-control', 'no-store')
  const expiresAt = new Date(session.expiresAt).toISOString()
  return c.json({ ...whoIs(session.caller), expires_at: expiresAt })
}

function crossSite(): Response {
  const detail = 'sessions are opened and ended from pages of this origin only'
  return problem({ status: 403, title: 'not allowed', detail, reason: 'cross_site' })
}

// Which pages of other origins may use a path, and what browsers must be told.
// Invariant: only the paths of tracking clients are open to other origins; look-ups never are.

import type { Context, MiddlewareHandler } from 'hono'

import type { Env } from '../parts.ts'

/** What tracking clients of the field send, beside what any request may. */
const HEADERS = [
  'authorization',
  'content-type',
  'content-encoding',
  'prefer',
  'x-retry-count',
  'anonymousid',
  'sentat',
  'rsa-recovered',
  'rsa-retry-attempt',
  'rsa-since-last-attempt',
  'rsa-since-first-attempt',
  'rsa-retry-reason',
].join(', ')

const PREFLIGHT_SECONDS = 86_400

/**
 * Opens a path to pages of any origin: without cookies, or with them (`withCookies`) for a site's own pages, whose
 * cookies no other site's page can send along (they are SameSite=Lax). A site's list of origins is held against the
 * request itself, since a preflight does not say which site it is for.
 */
export function openToPages(withCookies = false): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (c.req.method === 'OPTIONS') return preflight(c, withCookies)
    await next()
    allow(c, withCookies)
    return undefined
  }
}

function preflight(c: Context<Env>, withCookies: boolean): Response {
  allow(c, withCookies)
  c.header('access-control-allow-methods', 'GET, POST')
  c.header('access-control-allow-headers', HEADERS)
  c.header('access-control-max-age', String(PREFLIGHT_SECONDS))
  return c.body(null, 204)
}

function allow(c: Context<Env>, withCookies: boolean): void {
  const origin = c.req.header('origin')
  if (origin === undefined) return
  c.header('access-control-allow-origin', withCookies ? origin : '*')
  c.header('access-control-expose-headers', 'retry-after')
  if (!withCookies) return
  c.header('vary', 'origin', { append: true })
  c.header('access-control-allow-credentials', 'true')
}

/** Whether a page of the request's origin may send for a site that lists `origins`; no list allows all. */
export function mayPageSend(origin: string | undefined, origins: readonly string[]): boolean {
  return origin === undefined || origins.length === 0 || origins.includes(origin)
}

// The console at "/": a page that takes scripts, styles and answers from this server alone.
// Invariant: no text that came with a message can run as a script, whatever the page does with it.

import { Hono, type Context } from 'hono'

import type { ConsoleFile, ConsoleFiles } from './console-files.ts'
import type { Env } from './parts.ts'
import { problem } from './problem.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'accept-encoding',
} as const

/** A file's name changes with what is in it; the page's does not. */
const FOREVER = 'public, max-age=31536000, immutable'
const ASK_FIRST = 'no-cache'

export function consoleRoutes({ page, files }: ConsoleFiles): Hono<Env> {
  const routes = new Hono<Env>()
  routes.get('/', (c) => {
    if (page !== null) return answer(c, page, ASK_FIRST)
    const detail = 'the console was not built; in a checkout: npm run build:console'
    return problem({ status: 404, title: 'no console', detail, reason: 'no_console' })
  })
  routes.get('/console/*', (c) => {
    const file = files.get(c.req.path.slice('/console/'.length))
    return file === undefined ? c.notFound() : answer(c, file, FOREVER)
  })
  return routes
}

function answer(c: Context<Env>, file: ConsoleFile, caching: string): Response {
  const headers = { ...HEADERS, etag: file.etag, 'cache-control': caching }
  if (c.req.header('if-none-match') === file.etag)
    return new Response(null, { status: 304, headers })
  const isGzipped = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
  const encoding = isGzipped ? { 'content-encoding': 'gzip' } : {}
  const body = isGzipped ? file.gzipped : file.plain
  return new Response(body, { headers: { ...headers, ...encoding, 'content-type': file.type } })
}

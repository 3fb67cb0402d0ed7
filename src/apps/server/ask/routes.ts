// The look-up paths: profiles by id or identifier, their timeline and history, and why two are one person.

import { Hono, type Context } from 'hono'

import type { Answered } from '../answers/look-ups.ts'
import type { Connection, ServerParts } from './parts.ts'
import { problem } from './problem.ts'

type Env = { Bindings: Connection }

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 1_000

export function askRoutes({ lookUps, access }: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  for (const path of ['/profiles', '/profiles/*', '/explain']) {
    routes.use(path, async (c, next) => {
      if (!access.isAdministrator(c.req.header('authorization'))) return noToken()
      await next()
      return undefined
    })
  }
  routes.get('/profiles', async (c) => {
    const identifier = c.req.query('identifier')
    if (identifier === undefined) return missing('identifier', 'TYPE:VALUE')
    return reply(c, await lookUps.profile(identifier))
  })
  routes.get('/profiles/:id', async (c) => reply(c, await lookUps.profile(c.req.param('id'))))
  routes.get('/profiles/:id/timeline', async (c) => {
    const limit = limitOf(c)
    if (limit === null) return missing('limit', `a whole number from 1 to ${LIMIT_MAX}`)
    return reply(c, await lookUps.timeline(c.req.param('id'), limit))
  })
  routes.get('/profiles/:id/history', async (c) => {
    const limit = limitOf(c)
    if (limit === null) return missing('limit', `a whole number from 1 to ${LIMIT_MAX}`)
    return reply(c, await lookUps.history(c.req.param('id'), limit))
  })
  routes.get('/explain', async (c) => {
    const { a, b } = c.req.query()
    if (a === undefined) return missing('a', 'TYPE:VALUE')
    return b === undefined
      ? reply(c, await lookUps.explainMembership(a))
      : reply(c, await lookUps.explain(a, b))
  })
  return routes
}

function reply(c: Context<Env>, answered: Answered<object>): Response {
  c.header('cache-control', 'no-store')
  if (answered.ok) return c.json(answered.value)
  const { status, message } = answered
  return problem({ status, title: TITLES[status], detail: message })
}

const TITLES = { 400: 'not understood', 404: 'not found', 410: 'erased' } as const

function limitOf(c: Context<Env>): number | null {
  const limit = Number(c.req.query('limit') ?? LIMIT_DEFAULT)
  return Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMIT_MAX ? limit : null
}

function missing(name: string, allowed: string): Response {
  const detail = `the parameter "${name}" is ${allowed}`
  return problem({ status: 400, title: 'not understood', detail })
}

function noToken(): Response {
  const detail = 'Send the token that serve printed when it started: "Authorization: Bearer …".'
  const headers = { 'www-authenticate': 'Bearer' }
  return problem({ status: 401, title: 'no token', detail, headers })
}

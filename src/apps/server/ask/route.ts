// A path of the query API as data: what it takes, what it answers, who may ask. From the same table come the handlers,
// the OpenAPI document and the guide.
// Invariant: what a route answers is what its schema says, and only for the account and sites of the caller.

import type { Context, Hono } from 'hono'
import { z } from 'zod'

import type { Role } from '../../../ports/key-store.ts'
import { noAnswer, type NoAnswer } from '../../answers/look-ups.ts'
import { askingOf, type Asking } from '../who/callers.ts'
import { readJson } from '../collect/request-body.ts'
import type { Env, ServerParts } from '../parts.ts'
import { problem } from '../problem.ts'
import { unknownNames, whatIsWrong } from './what-is-wrong.ts'

export interface Asked<P, B> extends Asking {
  readonly parts: ServerParts
  /** Of the path and the query. */
  readonly params: P
  readonly body: B
}

export type Answer<A> = { readonly ok: true; readonly value: A } | NoAnswer

/** What a route is, for all that only look at it. */
interface Described {
  readonly method: 'get' | 'post' | 'delete'
  /** As OpenAPI writes it: `/v1/profiles/{id}`. */
  readonly path: string
  /** Name of the operation, for clients that are generated. */
  readonly operation: string
  readonly summary: string
  readonly role: Role
  /** Whether a token that is limited to sites may ask; the answer holds nothing of others then. */
  readonly forSites: boolean
}

interface Spec<P extends z.ZodObject, B extends z.ZodType, A extends z.ZodType> extends Described {
  /** Path and query parameters together; those of the path are in `path`. */
  readonly params: P
  readonly body: B
  readonly answer: A
  readonly ask: (asked: Asked<z.output<P>, z.output<B>>) => Promise<Answer<z.input<A>>>
}

export interface Route extends Described {
  readonly params: z.ZodObject
  readonly body: z.ZodType
  readonly answer: z.ZodType
  /** The answer to what was sent; also what is wrong with that. */
  readonly respond: (
    asking: Asking & { readonly parts: ServerParts },
    params: unknown,
    body: unknown,
  ) => Promise<Answer<unknown>>
}

/** Of a route to which nothing is posted. */
export const NO_BODY = z.undefined()

/** Ties a route's schemas to what it does. */
export function route<P extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>({
  ask,
  ...spec
}: Spec<P, B, A>): Route {
  return {
    ...spec,
    respond: async (asking, params, body) => {
      const given = spec.params.safeParse(params)
      if (!given.success)
        return notUnderstood(whatIsWrong(given.error, params, spec.params, 'params'))
      const posted = spec.body.safeParse(body)
      if (!posted.success) return notUnderstood(whatIsWrong(posted.error, body, spec.body, 'body'))
      return ask({ ...asking, params: given.data, body: posted.data })
    },
  }
}

function notUnderstood(message: string): NoAnswer {
  return noAnswer(400, message)
}

const TITLES: Readonly<Record<NoAnswer['status'], string>> = {
  400: 'not understood',
  403: 'not allowed',
  404: 'not found',
  409: 'not possible now',
  410: 'erased',
}

/** For programs. */
const REASONS: Readonly<Record<NoAnswer['status'], string>> = {
  400: 'not_understood',
  403: 'not_allowed',
  404: 'not_found',
  409: 'not_now',
  410: 'erased',
}

/** Puts a route's handler in place. */
export function mount(app: Hono<Env>, parts: ServerParts, one: Route): void {
  const path = one.path.replaceAll(/\{(\w+)\}/g, ':$1')
  const allowed = Object.keys(one.params.shape).filter((name) => !one.path.includes(`{${name}}`))
  app.on(one.method.toUpperCase(), path, async (c) => {
    const asking = await askingOf(parts, c, one.role)
    if (asking instanceof Response) return asking
    if (asking.caller.sites !== null && !one.forSites) return limitedToSites()
    const query = c.req.query()
    const misnamed = misnamedIn(query, allowed)
    return misnamed === null ? answerTo(c, parts, one, { asking, query }) : problemOf(misnamed)
  })
}

export function limitedToSites(): Response {
  const detail = 'the token is limited to sites, and this is about all of them'
  return problem({ status: 403, title: TITLES[403], detail, reason: 'limited_to_sites' })
}

const BODY_BYTES_MAX = 1_000_000

/** What is known of a person is for who asked, now. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }

async function answerTo(
  c: Context<Env>,
  parts: ServerParts,
  one: Route,
  { asking, query }: { readonly asking: Asking; readonly query: Record<string, string> },
): Promise<Response> {
  const body = one.body === NO_BODY ? undefined : await readJson(parts, c, BODY_BYTES_MAX)
  const answer = await one.respond({ ...asking, parts }, { ...query, ...c.req.param() }, body)
  if (answer.ok) return new Response(JSON.stringify(answer.value), { headers: HEADERS })
  return problemOf(answer)
}

/** A name that nobody reads is a mistake: what it was to say would be left out of the answer. */
export function misnamedIn(
  query: Readonly<Record<string, string>>,
  allowed: readonly string[],
): NoAnswer | null {
  const unknown = Object.keys(query).filter((name) => !allowed.includes(name))
  return unknown.length === 0 ? null : notUnderstood(unknownNames(unknown, allowed))
}

export function problemOf({ status, message: detail }: NoAnswer): Response {
  return problem({ status, title: TITLES[status], detail, reason: REASONS[status] })
}

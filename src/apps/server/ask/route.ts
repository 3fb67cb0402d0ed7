// A path of the query API as data: what it takes, what it answers, who may ask. From the same table come the handlers,
// the OpenAPI document and the guide.
// Invariant: what a route answers is what its schema says, and only for the account and sites of the caller.

import type { Context, Hono } from 'hono'
import type { z } from 'zod'

import type { Role } from '../../../ports/key-store.ts'
import type { NoAnswer } from '../../answers/look-ups.ts'
import { askingOf, type Asking } from '../callers.ts'
import { readBody } from '../collect/request-body.ts'
import type { Env, ServerParts } from '../parts.ts'
import { problem } from '../problem.ts'

export interface Asked<P, B> extends Asking {
  readonly parts: ServerParts
  /** Of the path and the query. */
  readonly params: P
  readonly body: B
}

export type Answer<A> = { readonly ok: true; readonly value: A } | NoAnswer

export interface Route<
  P extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> {
  readonly method: 'get' | 'post' | 'delete'
  /** As OpenAPI writes it: `/v1/profiles/{id}`. */
  readonly path: string
  /** Name of the operation, for clients that are generated. */
  readonly operation: string
  readonly summary: string
  readonly role: Role
  /** Whether a token that is limited to sites may ask; the answer holds nothing of others then. */
  readonly forSites: boolean
  /** Path and query parameters together; those of the path are in `path`. */
  readonly params: P
  readonly body: B | null
  readonly answer: A
  readonly ask: (asked: Asked<z.output<P>, z.output<B>>) => Promise<Answer<z.input<A>>>
}

/** Ties the types of a route together. */
export function route<P extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>(
  one: Route<P, B, A>,
): Route {
  // What `ask` is given has passed the schemas it was written for.
  return one as unknown as Route
}

const TITLES: Readonly<Record<NoAnswer['status'], string>> = {
  400: 'not understood',
  403: 'not allowed',
  404: 'not found',
  409: 'not possible now',
  410: 'erased',
}

/** Puts a route's handler in place. */
export function mount(app: Hono<Env>, parts: ServerParts, one: Route): void {
  const path = one.path.replaceAll(/\{(\w+)\}/g, ':$1')
  app.on(one.method.toUpperCase(), path, async (c) => {
    const asking = await askingOf(parts, c, one.role)
    if (asking instanceof Response) return asking
    if (asking.caller.sites !== null && !one.forSites) {
      const detail = 'the token is limited to sites, and this is about all of them'
      return problem({ status: 403, title: TITLES[403], detail, reason: 'limited_to_sites' })
    }
    return answerTo(c, parts, one, asking)
  })
}

async function answerTo(
  c: Context<Env>,
  parts: ServerParts,
  { params, body, ask }: Route,
  asking: Asking,
): Promise<Response> {
  const given = params.safeParse({ ...c.req.query(), ...c.req.param() })
  if (!given.success) return notUnderstood(given.error)
  const posted = body === null ? null : body.safeParse(await jsonIn(c))
  if (posted?.success === false) return notUnderstood(posted.error)
  c.header('cache-control', 'no-store')
  const answer = await ask({ ...asking, parts, params: given.data, body: posted?.data })
  if (answer.ok) return c.json(answer.value as object)
  const { status, message: detail } = answer
  return problem({ status, title: TITLES[status], detail })
}

const BODY_BYTES_MAX = 1_000_000

async function jsonIn(c: Context<Env>): Promise<unknown> {
  const read = await readBody(c.req.raw, BODY_BYTES_MAX)
  if (!read.ok) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(read.bytes))
  } catch {
    return undefined
  }
}

function notUnderstood({ issues }: z.ZodError): Response {
  const [first] = issues
  const where = first?.path.join('.') ?? ''
  const detail = where === '' ? (first?.message ?? '') : `"${where}": ${first?.message ?? ''}`
  return problem({ status: 400, title: TITLES[400], detail, reason: 'not_understood' })
}

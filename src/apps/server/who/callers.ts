// Who asks, and whether they may: a token in the header, or a browser's session in a cookie.
// Invariant: without a caller nothing is read; with a session nothing is changed from a page of another origin.

import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'

import type { Role } from '../../../ports/key-store.ts'
import { type Caller, mayAs } from '../../access/access.ts'
import type { Env, ServedAccount, ServerParts } from '../parts.ts'
import { problem } from '../problem.ts'

export const SESSION_COOKIE = 'selfsame_session'

/** By it an operator, who is of no account, says which one is meant. */
export const ACCOUNT_HEADER = 'selfsame-account'

/** By it an operator, whose token is the installation's, says who decides; percent-encoded, since names have all letters. */
export const AUTHOR_HEADER = 'selfsame-author'
const AUTHOR_CHARACTERS_MAX = 100

/** Who asks, and the account that is asked. */
export interface Asking {
  readonly caller: Caller
  readonly served: ServedAccount
}

/** Who asks, if they may do what takes the role; else the answer that says why not. */
export async function askingOf(
  parts: ServerParts,
  c: Context<Env>,
  needed: Role,
): Promise<Asking | Response> {
  const caller = await callerOf(parts, c)
  if (caller instanceof Response) return caller
  const served = parts.accounts.get(caller.account)
  if (served === undefined) {
    const detail = `the account "${caller.account}" is not served here`
    return problem({ status: 403, title: 'no such account', detail, reason: 'no_account' })
  }
  if (!mayAs(caller.role, needed)) {
    const detail = `this takes the role ${needed}; the token has the role ${caller.role}`
    return problem({ status: 403, title: 'not allowed', detail, reason: 'wrong_role' })
  }
  const wait = parts.askingRate.take(caller.keyId, 1, parts.now())
  if (wait === 0) return { caller, served }
  const headers = { 'retry-after': String(wait) }
  return problem({ status: 429, title: 'too many requests', reason: 'too_fast', headers })
}

/** Whether a request that is under way for long is still of that caller, who may still do as much. */
export async function isStill(
  parts: ServerParts,
  c: Context<Env>,
  { keyId, role, account }: Caller,
): Promise<boolean> {
  const now = await callerOf(parts, c)
  return (
    !(now instanceof Response) &&
    now.keyId === keyId &&
    now.role === role &&
    now.account === account
  )
}

/** Empty for one that cannot be read. */
function authorOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded).slice(0, AUTHOR_CHARACTERS_MAX)
  } catch {
    return ''
  }
}

async function callerOf(
  { access, settings }: ServerParts,
  c: Context<Env>,
): Promise<Caller | Response> {
  const token = bearerOf(c)
  if (token !== null) {
    const account = c.req.header(ACCOUNT_HEADER) ?? settings.account
    const caller = await access.caller(token, account)
    if (caller === null) return noToken('there is no such token, or it was revoked')
    const author = caller.isOperator ? authorOf(c.req.header(AUTHOR_HEADER) ?? '') : ''
    return author === '' ? caller : { ...caller, name: author }
  }
  const session = getCookie(c, SESSION_COOKIE)
  if (session === undefined) return noToken('send a token: "Authorization: Bearer sst_…"')
  if (!isSafe(c) && !isSameOrigin(c)) {
    const detail = 'a session changes things from pages of this origin only; programs use a token'
    return problem({ status: 403, title: 'not allowed', detail, reason: 'cross_site' })
  }
  return (await access.callerOfSession(session)) ?? noToken('the session has ended; sign in again')
}

function bearerOf(c: Context<Env>): string | null {
  return /^bearer\s+(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null
}

function isSafe(c: Context<Env>): boolean {
  return c.req.method === 'GET' || c.req.method === 'HEAD'
}

/** Browsers say where a request that changes something comes from; one that does not say is none. */
export function isSameOrigin(c: Context<Env>): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = c.req.header('origin')
  return origin !== undefined && hostOf(origin) === c.req.header('host')
}

function hostOf(origin: string): string | null {
  return URL.parse(origin)?.host ?? null
}

function noToken(detail: string): Response {
  const headers = { 'www-authenticate': 'Bearer' }
  return problem({ status: 401, title: 'no token', detail, reason: 'no_token', headers })
}

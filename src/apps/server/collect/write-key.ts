// Who sends: the write key of a request.

import type { Context } from 'hono'

import type { Env } from '../parts.ts'

/** The write key a request names outside its body: in Basic authorization, else in the query. */
export function writeKeyOf(c: Context<Env>): string | null {
  return writeKeyInHeader(c.req.header('authorization')) ?? writeKeyIn(c.req.query('writeKey'))
}

/** The write key in Basic authorization (`key:`); null when there is none. */
function writeKeyInHeader(authorization: string | undefined): string | null {
  const basic = /^basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(authorization ?? '')?.[1]
  const key = basic === undefined ? '' : (decoded(basic).split(':')[0] ?? '')
  return writeKeyIn(key)
}

/** The write key in a field of the body; null when there is none. */
export function writeKeyIn(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

function decoded(base64: string): string {
  try {
    return atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

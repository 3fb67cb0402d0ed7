// Who sends: the write key of a request, and the site it stands for.

import type { Settings } from '../../core/index.ts'

/** The write key in Basic authorization (`key:`), else in the body; null when there is none. */
export function writeKeyOf(authorization: string | undefined, body: unknown): string | null {
  const basic = /^basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(authorization ?? '')?.[1]
  const key = basic === undefined ? '' : (decoded(basic).split(':')[0] ?? '')
  if (key.trim() !== '') return key.trim()
  return typeof body === 'string' && body.trim() !== '' ? body.trim() : null
}

function decoded(base64: string): string {
  try {
    return atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

/** The site of a write key. A key that is no site of the configuration stands for the default one. */
export function siteOfWriteKey(settings: Settings, writeKey: string): string {
  return Object.hasOwn(settings.sites, writeKey) ? writeKey : 'default'
}

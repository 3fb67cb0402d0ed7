// Who sends: the write key of a request.

/** The write key in Basic authorization (`key:`); null when there is none. */
export function writeKeyInHeader(authorization: string | undefined): string | null {
  const basic = /^basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(authorization ?? '')?.[1]
  const key = basic === undefined ? '' : (decoded(basic).split(':')[0] ?? '')
  return writeKeyIn(key)
}

/** The write key in a field of the body, or in the query; null when there is none. */
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

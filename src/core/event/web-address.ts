// How the address of a page is taken apart, as patterns without a backslash, so that every engine reads them alike.

/** Scheme and host; the first group is the host without port. */
export const HOST_PATTERN = '^[^:/?#]+://([^/?#:]+)'

/** What is asked of a page, from the first `?`, `&` or `#` to the end. */
export const QUERY_PATTERN = '(?s)[?&#].*'

export interface Address {
  /** Without port. */
  readonly host: string
  /** Without what is asked of it; of an address that has none, the root. */
  readonly path: string
}

const [HASH, SLASH, COLON, QUESTION] = [35, 47, 58, 63] as const

/** Host and path of an address that names both, read as the patterns do, by hand since it is read of every message; else null. */
export function addressOf(text: string): Address | null {
  const scheme = text.indexOf('://')
  if (scheme <= 0 || endOf(text, 0, true) !== scheme) return null
  const host = endOf(text, scheme + 3, true)
  let from = host
  while (from < text.length && text.charCodeAt(from) === COLON) from = endOf(text, from + 1, true)
  return {
    host: text.slice(scheme + 3, host),
    path: text.slice(from, endOf(text, from, false)) || '/',
  }
}

/** Where what begins at `from` is over: at the query or fragment, and, unless it is a path, at a slash or colon. */
function endOf(text: string, from: number, isName: boolean): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === QUESTION || unit === HASH) return at
    if (isName && (unit === SLASH || unit === COLON)) return at
  }
  return text.length
}

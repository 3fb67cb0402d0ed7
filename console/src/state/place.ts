// Where one is, as the part of the address after the "#": `#/profile/prf_1`, `#/explain?a=cookie:c-1&b=…`. So that a view
// can be linked to, and the browser's way back works.

export interface Place {
  /** `visitors`, `review` … */
  readonly view: string
  /** What follows it: a profile id, a review id. */
  readonly id: string | null
  readonly query: Readonly<Record<string, string>>
}

export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [view = '', ...rest] = path.split('/')
  return {
    view: view === '' ? 'visitors' : view,
    id: rest.length === 0 ? null : decoded(rest.join('/')),
    query: Object.fromEntries(new URLSearchParams(query)),
  }
}

export function hashOf(
  view: string,
  id: string | null = null,
  query: Readonly<Record<string, string>> = {},
): string {
  const said = Object.entries(query).filter(([, value]) => value !== '')
  const end = said.length === 0 ? '' : `?${new URLSearchParams(said).toString()}`
  return `#/${view}${id === null ? '' : `/${encodeURIComponent(id)}`}${end}`
}

export function go(hash: string): void {
  location.hash = hash
}

/** As `go`, without a step of its own for the way back: what is typed into a filter, say. */
export function stay(hash: string): void {
  history.replaceState(null, '', hash)
  dispatchEvent(new HashChangeEvent('hashchange'))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

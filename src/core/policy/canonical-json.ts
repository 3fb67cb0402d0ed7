// Canonical JSON: equal values give equal text, whatever the order of their keys.
// Invariant: never throws and never descends further than it is told, whatever it is given.

/** Nesting that honest messages and settings never reach. */
export const NESTING_MAX = 64

/**
 * The canonical text of a JSON value: keys sorted by code unit, no space; what JSON cannot say counts as null.
 * Null when it is nested deeper than `depthMax`.
 */
export function canonicalJson(value: unknown, depthMax: number = NESTING_MAX): string | null {
  if (Array.isArray(value)) {
    const parts = depthMax > 0 ? value.map((item) => canonicalJson(item, depthMax - 1)) : [null]
    return parts.includes(null) ? null : `[${parts.join(',')}]`
  }
  if (typeof value !== 'object' || value === null) return scalar(value)
  if (depthMax === 0) return null
  const parts: string[] = []
  for (const [key, item] of Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (item === undefined) continue
    const text = canonicalJson(item, depthMax - 1)
    if (text === null) return null
    parts.push(`${JSON.stringify(key)}:${text}`)
  }
  return `{${parts.join(',')}}`
}

function scalar(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  return typeof value === 'number' && Number.isFinite(value) ? String(value + 0) : 'null'
}

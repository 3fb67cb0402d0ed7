// Short names of identifiers, so that a table of profiles fits a line: `c-phone`, `ana@work`, `+49…`, `user:42`.
// Invariant: a name becomes the key that the extraction makes of the value it stands for.

import type { Key } from '../../src/core/identifier/identifier.ts'
import type { Extraction } from '../../src/core/identifier/extraction.ts'
import { parseIdentifierText } from '../../src/core/identifier/identifier-text.ts'
import type { ViewNode } from '../../src/core/profile/view/view.ts'

export interface Names {
  readonly keyOf: (name: string) => Key
  /** `a b-1..3` is a, b-1, b-2 and b-3. */
  readonly keysOf: (names: string) => readonly Key[]
  /** The name a scenario gave it, else its type and the beginning of its value. */
  readonly nameOf: (node: Pick<ViewNode, 'key' | 'type' | 'namespace' | 'value'>) => string
  /** The name of a key that a scenario named. */
  readonly ofKey: (key: Key) => string
}

const TYPED = /^(cookie|email|phone|external_id|ip|device_signature|[a-z_]+_card)[@:]/

function fullText(name: string): string {
  if (TYPED.test(name)) return name
  if (name.startsWith('+')) return `phone:${name}`
  if (name.includes(':')) return `external_id:${name}`
  const [, domain] = name.split('@')
  if (domain === undefined) return `cookie:${name}`
  return domain.includes('.') ? `email:${name}` : `email:${name}.example`
}

/** The words of a text, ranges written out. */
export function wordsOf(text: string): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== '')
  return words.flatMap((word) => {
    const [, start = '', first = '', last = ''] = /^(.*?)(\d+)\.\.(\d+)$/.exec(word) ?? []
    if (last === '') return [word]
    const count = Number(last) - Number(first) + 1
    return Array.from({ length: count }, (_, i) => `${start}${Number(first) + i}`)
  })
}

export function newNames(extraction: Extraction): Names {
  const given = new Map<Key, string>()
  const keyOf = (name: string): Key => {
    const parsed = parseIdentifierText(extraction, fullText(name))
    if (!parsed.ok) throw new Error(`${parsed.message}: ${parsed.allowed}`)
    if (!given.has(parsed.identifier.key)) given.set(parsed.identifier.key, name)
    return parsed.identifier.key
  }
  return {
    keyOf,
    keysOf: (names) => wordsOf(names).map(keyOf),
    nameOf({ key, type, namespace, value }) {
      const name = `${type}:${namespace}${namespace === '' ? '' : ':'}${value.slice(0, 20)}`
      return given.get(key) ?? name
    },
    ofKey: (key) => given.get(key) ?? key.slice(0, 8),
  }
}

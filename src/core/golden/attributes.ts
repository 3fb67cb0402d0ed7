// The attributes of golden records: those that tracking messages usually carry, and what the settings say of them.

import type { Settings } from '../policy/settings-shape.ts'
import { type GoldenRule, UNION_VALUES } from '../policy/settings-golden.ts'

export interface Attribute {
  readonly name: string
  /** Paths below the traits; the first that holds a value counts. */
  readonly from: readonly (readonly string[])[]
  readonly rule: GoldenRule
  /** Sites, the most trusted first; empty unless the rule is `source_priority`. */
  readonly sources: readonly string[]
  /** Values kept beside the chosen one at most. */
  readonly othersMax: number
}

type BuiltIn = readonly [rule: GoldenRule, ...from: string[]]

/** Name -> rule, and the traits that hold it: the reserved ones of the tracking protocols, in both spellings. */
const BUILT_IN: Readonly<Record<string, BuiltIn>> = {
  email: ['verified_first', 'email'],
  phone: ['verified_first', 'phone'],
  name: ['most_recent', 'name'],
  first_name: ['most_recent', 'firstName', 'first_name', 'firstname'],
  last_name: ['most_recent', 'lastName', 'last_name', 'lastname'],
  username: ['most_recent', 'username'],
  title: ['most_recent', 'title'],
  company: ['most_recent', 'company.name', 'company'],
  birthday: ['most_frequent', 'birthday'],
  gender: ['most_frequent', 'gender'],
  avatar: ['most_recent', 'avatar'],
  website: ['most_recent', 'website'],
  description: ['most_recent', 'description'],
  street: ['most_recent', 'address.street', 'street'],
  city: ['most_recent', 'address.city', 'city'],
  postal_code: ['most_recent', 'address.postalCode', 'address.postal_code', 'postalCode', 'zip'],
  state: ['most_recent', 'address.state', 'state'],
  country: ['most_recent', 'address.country', 'country'],
  created_at: ['first', 'createdAt', 'created_at'],
}

/** All attributes under the settings, in the order of their names. */
export function attributesOf({ golden }: Pick<Settings, 'golden'>): readonly Attribute[] {
  const names = new Set([...Object.keys(BUILT_IN), ...Object.keys(golden.attributes)])
  return [...names].toSorted().flatMap((name) => {
    const [builtInRule, ...builtInFrom] = builtIn(name)
    const said = Object.hasOwn(golden.attributes, name) ? golden.attributes[name] : undefined
    const { from = builtInFrom, rule = builtInRule, sources = [], unionMax } = said ?? {}
    if (rule === 'none') return []
    const paths = from.map((path) => path.split('.'))
    const othersMax = rule === 'union' ? (unionMax ?? UNION_VALUES) - 1 : golden.othersMax
    return [{ name, from: paths, rule, sources, othersMax }]
  })
}

function builtIn(name: string): BuiltIn {
  const found = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined
  return found ?? ['most_recent', name]
}

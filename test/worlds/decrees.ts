// Decrees at random places of a small world: verdicts, undos, quarantines, releases, and erasures where they are wanted.
import * as fc from 'fast-check'

import type { Fact } from '../../src/core/edge/fact.ts'
import type { Key } from '../../src/core/identifier/identifier.ts'
import type { Decree } from '../../src/core/profile/apply-decree.ts'

const KINDS = ['same', 'different', 'different', 'undo', 'quarantine', 'release'] as const

const decreeOf = (kinds: readonly string[]) =>
  fc.record({
    what: fc.constantFrom(...kinds),
    picks: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
    after: fc.nat(39),
  })

export const decreeArb = decreeOf(KINDS)
export const decreeOrErasureArb = decreeOf([...KINDS, 'erasure'])

type Random = typeof decreeArb extends fc.Arbitrary<infer T> ? T : never

export interface Told {
  readonly facts: readonly Fact[]
  readonly decree: Decree | null
}

const isMember = (type: string): boolean => type !== 'ip' && type !== 'device_signature'

/** Each fact followed by what is decreed right after it, about identifiers that were seen up to then. */
export function told(
  facts: readonly Fact[],
  decrees: readonly Random[],
  nameOf: (order: number) => string = (order) => `d${order}`,
): Told[] {
  const verdicts: { id: number; members: readonly Key[] }[] = []
  const all: Told[] = []
  const seen = new Set<Key>()
  const members = new Set<Key>()
  for (const [i, fact] of facts.entries()) {
    all.push({ facts: [fact], decree: null })
    for (const { key, type } of fact.identifiers) {
      seen.add(key)
      if (isMember(type)) members.add(key)
    }
    for (const { what, picks, after } of decrees) {
      if (after !== i || members.size < 2) continue
      const [a = '', b = '', c = '', d = ''] = picks.map(
        (n) => [...members][n % members.size] ?? '',
      )
      const any = [...seen][(picks[0] ?? 0) % seen.size] ?? ''
      const taken = verdicts[(picks[0] ?? 0) % Math.max(verdicts.length, 1)]
      if (what === 'same' || what === 'different') {
        const sides = { a: [...new Set([a, c])], b: [...new Set([b, d])] }
        verdicts.push({ id: all.length, members: [...sides.a, ...sides.b] })
        all.push({ facts: [], decree: { type: 'verdict', verdict: what, ...sides, note: '' } })
      } else if (what === 'undo') {
        if (taken === undefined) continue
        all.push({
          facts: [],
          decree: { type: 'undo', of: nameOf(taken.id), members: taken.members },
        })
      } else if (what === 'erasure') {
        all.push({ facts: [], decree: { type: what, identifiers: [any] } })
      } else all.push({ facts: [], decree: { type: what as 'release', identifier: any, note: '' } })
    }
  }
  return all
}

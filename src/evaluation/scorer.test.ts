// The scores by cells equal those of a plain enumeration of all pairs and all keys, in any order.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type Score, Scorer } from './scorer.ts'
import { Truth } from './truth.ts'

interface World {
  /** Key, people: none (unknown to the truth), one, or several (shared). */
  readonly truth: readonly (readonly [key: string, people: readonly string[]])[]
  /** Key -> profile, null for nobody; a key that is not here was never seen. */
  readonly assigned: ReadonlyMap<string, string | null>
}

function scoreOf({ truth, assigned }: World): Score {
  const known = new Truth()
  for (const [key, people] of truth) for (const person of people) known.add(key, person)
  const scorer = new Scorer(known)
  for (const [key, profile] of assigned) scorer.assign(key, profile)
  return scorer.score()
}

/** Everything by its definition, over all pairs of keys. */
function bruteForce({ truth, assigned }: World): Partial<Score> {
  const people = new Map(truth.map(([key, owners]) => [key, new Set(owners)]))
  const scored = [...people].filter(([, owners]) => owners.size === 1).map(([key]) => key)
  const personOf = (key: string) => [...people.get(key)!][0]
  const alone = (key: string) => assigned.get(key) ?? `alone ${key}`
  let [right, said, meant] = [0, 0, 0]
  scored.forEach((a, i) => {
    for (const b of scored.slice(0, i)) {
      const same = personOf(a) === personOf(b)
      const together = alone(a) === alone(b)
      if (same) meant++
      if (together) said++
      if (same && together) right++
    }
  })
  let [precision, recall] = [0, 0]
  for (const a of scored) {
    const mates = scored.filter((b) => alone(b) === alone(a))
    const own = scored.filter((b) => personOf(b) === personOf(a))
    const both = mates.filter((b) => own.includes(b)).length
    precision += both / mates.length
    recall += both / own.length
  }
  const given = scored.map((key) => assigned.get(key) ?? null)
  const profiles = new Set(given.filter((profile) => profile !== null))
  const peopleIn = [...profiles].map(
    (p) => new Set(scored.filter((key) => assigned.get(key) === p).map(personOf)).size,
  )
  const shared = [...people].filter(([, owners]) => owners.size > 1).map(([key]) => key)
  return {
    pairs_true: meant,
    pairs_assigned: said,
    pairs_right: right,
    pair_precision: said === 0 ? 1 : right / said,
    pair_recall: meant === 0 ? 1 : right / meant,
    b3_precision: scored.length === 0 ? 1 : precision / scored.length,
    b3_recall: scored.length === 0 ? 1 : recall / scored.length,
    profiles: profiles.size,
    welded_profiles: peopleIn.filter((n) => n > 1).length,
    most_people_in_one: Math.max(0, ...peopleIn),
    people: new Set(scored.map(personOf)).size,
    identifiers: scored.length,
    unassigned: given.filter((profile) => profile === null).length,
    unknown: [...assigned.keys()].filter((key) => (people.get(key)?.size ?? 0) === 0).length,
    shared: shared.length,
    shared_wrongly_owned: shared.filter((key) => profiles.has(assigned.get(key) ?? '?')).length,
  }
}

const keyArb = fc.integer({ min: 0, max: 25 }).map((n) => `k${n}`)
const personArb = fc.integer({ min: 0, max: 7 }).map((n) => `p${n}`)
const peopleArb = fc.oneof(
  { arbitrary: fc.array(personArb, { minLength: 1, maxLength: 1 }), weight: 6 },
  { arbitrary: fc.array(personArb, { minLength: 1, maxLength: 3 }), weight: 1 },
)
const profileArb = fc.option(
  fc.integer({ min: 0, max: 9 }).map((n) => `prf${n}`),
  { freq: 8 },
)
const worldArb: fc.Arbitrary<World> = fc.record({
  truth: fc.uniqueArray(fc.tuple(keyArb, peopleArb), { selector: ([key]) => key, maxLength: 26 }),
  assigned: fc
    .uniqueArray(fc.tuple(keyArb, profileArb), { selector: ([key]) => key, maxLength: 26 })
    .map((entries) => new Map(entries)),
})

test('equals a plain enumeration', () => {
  fc.assert(
    fc.property(worldArb, (world) => {
      const score = scoreOf(world)
      for (const [name, value] of Object.entries(bruteForce(world))) {
        expect.soft(score[name as keyof Score], name).toBeCloseTo(value, 12)
      }
    }),
  )
})

test('is the same to the bit in any order', () => {
  fc.assert(
    fc.property(worldArb, ({ truth, assigned }) => {
      const turned = new Map([...assigned].toReversed())
      expect(scoreOf({ truth: truth.toReversed(), assigned: turned })).toEqual(
        scoreOf({ truth, assigned }),
      )
    }),
  )
})

test('the truth itself scores 1, whatever profiles are called', () => {
  fc.assert(
    fc.property(worldArb, ({ truth }) => {
      const assigned = new Map(truth.map(([key, people]) => [key, `profile of ${people[0]}`]))
      const lone = new Map(
        [...assigned].map(([key, profile]) => {
          return [key, new Set(truth.find(([k]) => k === key)![1]).size > 1 ? key : profile]
        }),
      )
      const score = scoreOf({ truth, assigned: lone })
      expect(score).toMatchObject({ pair_f1: 1, pair_f05: 1, b3_f1: 1, b3_f05: 1 })
      expect(score).toMatchObject({ welded_profiles: 0, shared_wrongly_owned: 0, unassigned: 0 })
    }),
  )
})

const world = (
  truth: Readonly<Record<string, readonly string[]>>,
  assigned: Readonly<Record<string, string | null>>,
): World => ({ truth: Object.entries(truth), assigned: new Map(Object.entries(assigned)) })

describe('by hand', () => {
  test('two people welded, a third split', () => {
    const score = scoreOf(
      world(
        { a1: ['ana'], a2: ['ana'], b1: ['ben'], c1: ['cleo'], c2: ['cleo'] },
        { a1: 'x', a2: 'x', b1: 'x', c1: 'y', c2: 'z' },
      ),
    )
    expect(score).toMatchObject({ profiles: 3, welded_profiles: 1, most_people_in_one: 2 })
    expect(score).toMatchObject({ pair_precision: 1 / 3, pair_recall: 0.5 })
    expect(score.b3_precision).toBeCloseTo((2 * (2 / 3) + 1 / 3 + 2) / 5, 12)
    expect(score.b3_recall).toBeCloseTo((3 + 1) / 5, 12)
    expect(score.pair_f05).toBeCloseTo((1.25 * (1 / 3) * 0.5) / (0.25 / 3 + 0.5), 12)
  })

  test('a shared identifier is not scored, but counted when somebody has it', () => {
    const truth = { a1: ['ana'], a2: ['ana'], kiosk: ['ana', 'ben'] }
    const kept = scoreOf(world(truth, { a1: 'x', a2: 'x', kiosk: 'k' }))
    expect(kept).toMatchObject({ shared: 1, shared_wrongly_owned: 0, pair_precision: 1 })
    const owned = scoreOf(world(truth, { a1: 'x', a2: 'x', kiosk: 'x' }))
    expect(owned).toMatchObject({ shared: 1, shared_wrongly_owned: 1, pair_precision: 1 })
  })

  test('an event given to nobody is a miss, not a mistake', () => {
    const score = scoreOf(
      world({ e1: ['ana'], e2: ['ana'], e3: ['ben'] }, { e1: 'x', e2: null, e3: null }),
    )
    expect(score).toMatchObject({
      pair_precision: 1,
      pair_recall: 0,
      unassigned: 2,
      b3_recall: 2 / 3,
    })
  })

  test('nothing at all', () => {
    expect(scoreOf(world({}, {}))).toMatchObject({ pair_precision: 1, pair_recall: 1, b3_f1: 1 })
  })

  test('counts a large profile without listing its pairs', () => {
    const truth = new Truth()
    const people = 50_000
    for (let i = 0; i < people; i++) truth.add(`k${i}`, 'one')
    const scorer = new Scorer(truth)
    for (let i = 0; i < people; i++) scorer.assign(`k${i}`, 1)
    expect(scorer.score()).toMatchObject({ pairs_right: (people * (people - 1)) / 2, pair_f1: 1 })
  })
})

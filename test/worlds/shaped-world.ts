// One to three shapes in a world, tied here and there, told in some order, with decrees in between.
import type { Fact } from '../../src/core/edge/fact.ts'
import { compilePolicy, parseSettings, type Policy } from '../../src/core/index.ts'
import { type Dice, diceOf } from '../chaos/random.ts'
import { told, type Told } from './decrees.ts'
import { newDrawing, time } from './drawing.ts'
import { SHAPES, tieMembers } from './shapes.ts'
import { digest } from './small-world.ts'

export interface ShapedWorld {
  readonly seed: number
  /** Of what it is made, for people to read. */
  readonly shapes: readonly string[]
  readonly told: readonly Told[]
}

/** As an installation has it, with sizes that shapes reach. */
export function shapesPolicy(merge: number): Policy {
  const guards = {
    profileIdentifiersMax: 60,
    neighbourhoodIdentifiersMax: 150,
    namedPerCookieMax: 8,
  }
  const parsed = parseSettings({ thresholds: { merge, question: 0.2 }, guards })
  if (!parsed.ok) throw new Error('no such settings')
  return compilePolicy(parsed.settings, digest)
}

/** Decrees have names of their own, by their place in the world. */
export function nameOfDecree(seed: number, order: number): string {
  return `d${seed}-${order}`
}

/** The world of a seed. Its identifiers are no other seed's. */
export function shapedWorld(seed: number, policy: Policy): ShapedWorld {
  const dice = diceOf(seed)
  const drawing = newDrawing(seed, policy, dice)
  const names = Object.keys(SHAPES) as (keyof typeof SHAPES)[]
  const shapes = Array.from({ length: dice.pick([1, 1, 2, 3]) }, () => dice.pick(names))
  for (const shape of shapes) SHAPES[shape](drawing)
  if (shapes.length > 1) {
    for (let n = dice.whole(0, 6); n > 0; n--) {
      const [a, b] = [drawing.any(), drawing.any()]
      const isWitness = ({ type }: typeof a): boolean => !isMember(type)
      if (!isWitness(a) && !isWitness(b)) tieMembers(drawing, a, b, time(dice.whole(0, 3)))
    }
  }
  const facts = inSomeOrder(drawing.facts, dice)
  const decrees = Array.from({ length: dice.pick([0, 0, 2, 6]) }, () => ({
    what: dice.pick(WHAT),
    picks: Array.from({ length: 4 }, () => dice.whole(0, dice.pick([3, 10, 1_000]))),
    after: dice.whole(0, facts.length - 1),
  }))
  const nameOf = (order: number): string => nameOfDecree(seed, order)
  return { seed, shapes, told: told(facts, decrees, nameOf) }
}

const WHAT = ['same', 'different', 'different', 'undo', 'quarantine', 'release', 'erasure'] as const

function isMember(type: string): boolean {
  return type !== 'ip' && type !== 'device_signature'
}

/** As drawn, backwards or shuffled; received when they happened, or in the order in which they come. */
function inSomeOrder(facts: readonly Fact[], dice: Dice): readonly Fact[] {
  const order = dice.pick(['drawn', 'backwards', 'shuffled'])
  const places = facts.map((fact, i) => {
    const place = order === 'shuffled' ? dice.whole(0, 1_000_000) : order === 'drawn' ? i : -i
    return { fact, place }
  })
  const sorted = places.toSorted((x, y) => x.place - y.place).map(({ fact }) => fact)
  if (dice.pick([true, false])) return sorted
  return sorted.map((fact, i) => ({ ...fact, receivedAt: time(5_000) + i }))
}

// A seeded world of people and the messages they cause, with the truth about who is who.
// Pure: equal parameters give equal bytes. Lazy: a day's visits and the messages under way are held.

import { farmVisit } from './farm.ts'
import { botHit, fixturesOf, kioskVisit, terminalCall, tillSale } from './fixtures.ts'
import type { Fixtures } from './fixtures.ts'
import { emptyJars } from './jars.ts'
import type { Item } from './message.ts'
import { noOccurrences } from './occurrence.ts'
import { Outbox } from './outbox.ts'
import type { WorldOptions } from './options.ts'
import { worldOptions } from './options.ts'
import type { World } from './population.ts'
import { populate } from './population.ts'
import { Dice, TAG } from './random.ts'
import type { Run } from './run.ts'
import type { Start } from './schedule.ts'
import { Day } from './schedule.ts'
import type { TruthRow } from './truth.ts'
import { identifierRows } from './truth.ts'
import { visit } from './visit.ts'

export type { Fields, Item, Json, Message } from './message.ts'
export type { WorldOptions } from './options.ts'
export type { Trouble } from './trouble.ts'
export type { TruthRow } from './truth.ts'
export { WORLD_DEFAULTS } from './options.ts'
export { TROUBLES } from './trouble.ts'

/** A world that can be played any number of times, each time the same. */
export interface Simulation extends Iterable<Item> {
  /** Messages in the order of `receivedAt`. Messages share parts: treat them as read only. */
  [Symbol.iterator](): Generator<Item, void>
  /** `identifier,person` rows; plays the world once more if no pass has come to its end. */
  identifierTruth(): Iterable<TruthRow>
  /** `event_id,person` of an item, or null: a repeated message, or nobody's. */
  eventTruth(item: Item): { readonly event_id: string; readonly person: string } | null
}

/**
 * A simulated world. `people` up to a million, `days` whole days from `startAt` (epoch ms), `seed`
 * any safe integer, `hard` for the ugly half, `trouble` for what breaks a learner's assumptions. Throws a RangeError on anything else.
 */
export function simulate(options: Partial<WorldOptions> & { people: number }): Simulation {
  const world = populate(worldOptions(options))
  let ended: Run | null = null
  function* play(): Generator<Item, void> {
    const run = begin(world)
    yield* items(run, fixturesOf(world))
    ended = run
  }
  return {
    [Symbol.iterator]: play,
    identifierTruth() {
      if (ended === null) for (const _ of play());
      if (ended === null) throw new Error('a pass that ended leaves its state')
      return identifierRows(ended)
    },
    eventTruth({ message, person, repeated }) {
      return repeated || person === null ? null : { event_id: message.messageId, person }
    },
  }
}

/** The state of a pass that has not begun. */
export function begin(world: World): Run {
  return {
    world,
    jars: emptyJars(world),
    occurrences: noOccurrences(world.people, fixturesOf(world).bots),
    outbox: new Outbox(),
    dice: new Dice(),
    now: world.startAt,
  }
}

/** Plays a pass: each visit when its time has come, each message when it arrives. */
export function* items(run: Run, fixtures: Fixtures): Generator<Item, void> {
  const { world, outbox } = run
  const plan = new Day()
  for (let day = 0; day < world.days; day++) {
    plan.plan(world, fixtures, day)
    for (let index = 0; index < plan.size; index++) {
      const start = plan.at(index)
      const startMs = world.startAt + (day * 86_400 + start.second) * 1000
      yield* arrivals(outbox, startMs)
      begins(run, fixtures, start, day, startMs)
    }
  }
  yield* arrivals(outbox, Infinity)
}

function* arrivals(outbox: Outbox, untilMs: number): Generator<Item, void> {
  for (let item = outbox.takeBefore(untilMs); item; item = outbox.takeBefore(untilMs)) yield item
}

function begins(run: Run, fixtures: Fixtures, start: Start, day: number, startMs: number): void {
  const { world, dice } = run
  const { actor, number } = start
  if (actor < world.people) {
    visit(run, actor, day, number, startMs)
    return
  }
  dice.start(world.root, TAG.visit, actor, day * 256 + number)
  run.now = startMs
  const { kiosks, terminals, tills, bots } = fixtures
  const fixture = actor - world.people
  if (fixture < kiosks) kioskVisit(run, fixture)
  else if (fixture < kiosks + terminals) terminalCall(run, fixture - kiosks)
  else if (fixture < kiosks + terminals + tills) tillSale(run, fixture - kiosks - terminals)
  else if (fixture < kiosks + terminals + tills + bots) {
    botHit(run, fixture - kiosks - terminals - tills)
  } else farmVisit(run, fixture - kiosks - terminals - tills - bots, day, number)
}

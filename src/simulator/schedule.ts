// Who comes when: one day at a time, sorted by second. Memory is one day's visits, 8 bytes each.

import type { Fixtures } from './fixtures.ts'
import { ACTIVITY, HARD } from './parameters.ts'
import type { World } from './population.ts'
import { cell, leaderOf, placeOf } from './population.ts'
import { choose, cumulate, hash, TAG, unit } from './random.ts'
import { TROUBLE } from './trouble.ts'

const DAY_SECONDS = 86_400
const HOUR_SHARES = cumulate(ACTIVITY.hourWeights)
const ACTOR_SPAN = 2 ** 22
const NUMBER_SPAN = 256
// The last number of a day is kept for the draw of how many there are.
const VISITS_PER_DAY_MAX = NUMBER_SPAN - 1

/** One thing that happens: an actor (a person, then fixtures by number) begins at a second of a day. */
export interface Start {
  readonly second: number
  readonly actor: number
  /** Counts the actor's starts of the day. */
  readonly number: number
}

/** Starts of one day, packed into sortable numbers. */
export class Day {
  private keys = new Float64Array(1024)
  private length = 0

  /** Fills in and sorts the starts of a day; the buffer of the day before is reused. */
  plan(world: World, fixtures: Fixtures, day: number): void {
    this.length = 0
    for (let person = 0; person < world.people; person++) this.planPerson(world, person, day)
    const { kiosks, terminals, tills, bots, farm } = fixtures
    let actor = world.people
    actor = this.planFixtures(world, day, actor, kiosks, HARD.kioskVisitsPerDay)
    actor = this.planFixtures(world, day, actor, terminals, HARD.terminalCallsPerDay)
    actor = this.planFixtures(world, day, actor, tills, HARD.tillSalesPerDay)
    for (let bot = 0; bot < bots; bot++, actor++) {
      for (let number = 0; number < HARD.botHitsPerDay; number++) {
        this.add(unit(world.root, TAG.bot, actor, day * NUMBER_SPAN + number) * 24, actor, number)
      }
    }
    this.planFarm(world, day, actor, farm)
    this.keys.subarray(0, this.length).sort()
  }

  /** How many starts the day has. */
  get size(): number {
    return this.length
  }

  /** The start at a place of the day's order. */
  at(index: number): Start {
    const key = this.keys[index] ?? 0
    const rest = Math.floor(key / NUMBER_SPAN)
    return {
      second: Math.floor(rest / ACTOR_SPAN),
      actor: rest % ACTOR_SPAN,
      number: key % NUMBER_SPAN,
    }
  }

  private planPerson(world: World, person: number, day: number): void {
    const { root } = world
    const leader = leaderOf(world, person)
    const rate = cell(world.visitsPerDay, leader)
    // a Poisson count by inversion of one draw
    let u = unit(root, TAG.visits, leader, day * NUMBER_SPAN + NUMBER_SPAN - 1)
    let mass = Math.exp(-rate)
    for (let number = 0; u >= mass && number < VISITS_PER_DAY_MAX; number++) {
      const draw = hash(root, TAG.visits, leader, day * NUMBER_SPAN + number)
      const hour = choose(HOUR_SHARES, (draw >>> 12) * 2 ** -20)
      const { offsetHours } = placeOf(world, leader)
      if (leader === person) this.add(hour + (draw & 4095) / 4096 - offsetHours, person, number)
      else this.follow(world, hour - offsetHours, person, day * NUMBER_SPAN + number)
      u -= mass
      mass *= rate / (number + 1)
    }
  }

  /** An impostor comes at another minute of the hour in which the victim does, or not at all. */
  private follow(world: World, hourUtc: number, person: number, draw: number): void {
    const { root } = world
    if (unit(root, TAG.impostorFollows, person, draw) >= TROUBLE.impostorFollowsShare) return
    const part = unit(root, TAG.impostorVisit, person, draw)
    this.add(hourUtc + part, person, draw % NUMBER_SPAN)
  }

  /** Scripts run around the clock, each at its own even pace. */
  private planFarm(world: World, day: number, first: number, count: number): void {
    const { farmVisitsPerDay } = TROUBLE
    for (let actor = first; actor < first + count; actor++) {
      for (let number = 0; number < farmVisitsPerDay; number++) {
        const u = unit(world.root, TAG.farm, actor, day * NUMBER_SPAN + number)
        this.add(((number + u) * 24) / farmVisitsPerDay, actor, number)
      }
    }
  }

  private planFixtures(
    world: World,
    day: number,
    first: number,
    count: number,
    starts: number,
  ): number {
    const { openFromHour, openUntilHour } = HARD
    for (let actor = first; actor < first + count; actor++) {
      for (let number = 0; number < starts; number++) {
        const u = unit(world.root, TAG.terminal, actor, day * NUMBER_SPAN + number)
        this.add(openFromHour + u * (openUntilHour - openFromHour) + 5, actor, number)
      }
    }
    return first + count
  }

  private add(hourUtc: number, actor: number, number: number): void {
    if (this.length === this.keys.length) {
      const larger = new Float64Array(this.keys.length * 2)
      larger.set(this.keys)
      this.keys = larger
    }
    const second = Math.floor(((hourUtc + 24) % 24) * 3600) % DAY_SECONDS
    this.keys[this.length++] = (second * ACTOR_SPAN + actor) * NUMBER_SPAN + number
  }
}

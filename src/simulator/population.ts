// Who exists: households, occupations, devices and how often each person comes, in flat arrays.
// Some 15 bytes a person, all of it set here: generating messages adds nothing to it.

import type { WorldOptions } from './options.ts'
import { ACTIVITY, DEVICES, HARD, PEOPLE, PLACES } from './parameters.ts'
import { at, choose, cumulate, hash, rootOf, TAG, unit } from './random.ts'
import { TROUBLE } from './trouble.ts'

/** The people of a world and what is shared between them. */
export interface World extends WorldOptions {
  readonly root: number
  readonly households: number
  readonly householdOf: Int32Array
  /** First person of each household; one entry more than households. */
  readonly householdFirst: Int32Array
  /** First device of each person; one entry more than people. */
  readonly deviceFirst: Int32Array
  readonly visitsPerDay: Float32Array
  /** Slots of a home address pool: the power of two at or above the households. */
  readonly homeSlots: number
  readonly offices: number
  readonly campuses: number
}

/** As much of a world as stands before its devices do. */
type Homes = Pick<World, 'root' | 'people' | 'trouble' | 'householdOf' | 'householdFirst'>

export type Occupation = 'employed' | 'student' | 'other'
export type Place = (typeof PLACES)[number]

const HOUSEHOLD_SHARES = cumulate(PEOPLE.householdSizeWeights)
const PLACE_SHARES = cumulate(PLACES.map((place) => place.share))
const DEVICE_COUNT_SHARES = cumulate(DEVICES.countWeights)

/** Builds the people of a world; time and memory grow with `people` only. */
export function populate(options: WorldOptions): World {
  const { people, seed, hard, trouble } = options
  const root = rootOf(seed)
  const householdOf = new Int32Array(people)
  const first: number[] = []
  for (let person = 0; person < people; first.push(person)) {
    const size = choose(HOUSEHOLD_SHARES, unit(root, TAG.householdSize, first.length)) + 1
    const end = Math.min(people, person + size)
    for (; person < end; person++) {
      householdOf[person] = first.length
    }
  }
  // a household is counted when it is complete, so the list holds each one's end
  const householdFirst = Int32Array.from([0, ...first])
  const deviceFirst = new Int32Array(people + 1)
  const visitsPerDay = new Float32Array(people)
  const homes = { root, people, trouble, householdOf, householdFirst }
  const offices = trouble === 'office-only'
  for (let person = 0; person < people; person++) {
    // an impostor has a device for each that is copied
    const drawn = unit(root, TAG.deviceCount, leaderOf(homes, person))
    const count = choose(DEVICE_COUNT_SHARES, drawn) + 1
    const used = offices ? Math.min(count, TROUBLE.officeDevices) : count
    deviceFirst[person + 1] = cell(deviceFirst, person) + used
    const rate = visitRate(unit(root, TAG.activity, person))
    visitsPerDay[person] = offices ? rate * TROUBLE.officeVisitsFactor : rate
  }
  const crowd = hard ? HARD.crowdFactor : 1
  const employedShare = offices ? 1 : PEOPLE.employedShare
  return {
    ...options,
    root,
    households: first.length,
    householdOf,
    householdFirst,
    deviceFirst,
    visitsPerDay,
    homeSlots: 2 ** Math.ceil(Math.log2(Math.max(2, first.length))),
    offices: parts(people * employedShare, PEOPLE.peoplePerOffice * crowd),
    campuses: parts(people * PEOPLE.studentShare, PEOPLE.studentsPerCampus * crowd),
  }
}

/** How many groups of this size a number of people makes: at least one. */
export function parts(people: number, size: number): number {
  return Math.max(1, Math.round(people / size))
}

/** A cell of a typed array that the caller knows to exist. */
export function cell(array: Int32Array | Float32Array | Uint16Array | Uint8Array, index: number) {
  return array[index] ?? 0
}

function visitRate(u: number): number {
  const visits = ACTIVITY.visitsMinPer60Days * (1 - u) ** (-1 / ACTIVITY.paretoExponent)
  return Math.min(visits, ACTIVITY.visitsMaxPer60Days) / 60
}

/** The place a household lives in; where all work in offices, that of the office. */
export function placeOf(world: World, person: number): Place {
  const settled =
    world.trouble === 'office-only'
      ? world.households + officeOf(world, person)
      : cell(world.householdOf, person)
  return at(PLACES, choose(PLACE_SHARES, unit(world.root, TAG.place, settled)))
}

/** What a person does on weekdays. */
export function occupationOf(world: World, person: number): Occupation {
  if (world.trouble === 'office-only') return 'employed'
  const u = unit(world.root, TAG.occupation, person)
  if (u < PEOPLE.employedShare) return 'employed'
  return u < PEOPLE.employedShare + PEOPLE.studentShare ? 'student' : 'other'
}

/** The office of an employed person, in [0, offices): low numbers are larger. */
export function officeOf(world: World, person: number): number {
  const u = unit(world.root, TAG.workplace, person)
  return Math.floor(world.offices * u ** PEOPLE.officeSkew)
}

/** The campus of a student, in [0, campuses). */
export function campusOf(world: World, person: number): number {
  return Math.floor(world.campuses * unit(world.root, TAG.workplace, person))
}

/** The members of a person's household as [first, end). */
export function householdSpan(world: Homes, person: number): readonly [number, number] {
  const household = cell(world.householdOf, person)
  return [cell(world.householdFirst, household), cell(world.householdFirst, household + 1)]
}

/** The other one of the first two of a person's household, who share what lies about. */
export function mateOf(world: World, person: number): number {
  const [start] = householdSpan(world, person)
  return person === start ? start + 1 : start
}

/** True for a share of all households of two or more, chosen by what the tag is for. */
export function householdHas(world: World, person: number, tag: number, share: number): boolean {
  const [start, end] = householdSpan(world, person)
  return end - start > 1 && unit(world.root, tag, cell(world.householdOf, person)) < share
}

/** Whether nobody else of a person's household comes to the sites. */
export function livesAlone(world: Homes, person: number): boolean {
  const [start, end] = householdSpan(world, person)
  return end - start === 1
}

/** Whom a person follows on all visits: an impostor the victim, everybody else themselves. */
export function leaderOf(world: Homes, person: number): number {
  if (!isImpostor(world, person)) return person
  const { root, people } = world
  const start = hash(root, TAG.impostor, person, 1)
  for (let step = 0; step < people; step++) {
    const other = (start + step) % people
    if (!isImpostor(world, other)) return other
  }
  return person
}

/** Impostors live alone, so that nobody borrows a device of theirs or shares an address with them. */
function isImpostor(world: Homes, person: number): boolean {
  if (world.trouble !== 'impostors' || !livesAlone(world, person)) return false
  return unit(world.root, TAG.impostor, person) < TROUBLE.impostorShare
}

// What people use: which device a visit happens on, and what a page can see of it.
// A device is (owner, rank); its traits are drawn from that, a shared tablet's from its owner.

import type { Browser, Model, Shelf } from './catalogue.ts'
import { browserOf, SHELVES } from './catalogue.ts'
import { DEVICES, HARD } from './parameters.ts'
import type { Occupation, World } from './population.ts'
import { cell, householdHas, householdSpan, occupationOf, officeOf } from './population.ts'
import { at, choose, cumulate, hash, TAG, unit } from './random.ts'
import { TROUBLE } from './trouble.ts'

type Kind = keyof typeof DEVICES.useByKind

/** One device, as long as a visit needs it. */
export interface Device {
  /** Number in the world, in [0, all devices). */
  readonly index: number
  readonly owner: number
  readonly kind: Kind
  readonly model: Model
  /** True for a tablet that two of a household use. */
  readonly shared: boolean
}

const OWN_KINDS = ['phone', 'laptop', 'tablet', 'desktop'] as const
const KIND_SHARES = DEVICES.kindsByRank.map((weights) =>
  cumulate(OWN_KINDS.map((kind) => weights[kind])),
)
const WORK_RANK = 2
const MOST = DEVICES.countWeights.length + 1

/** The kind of a person's device by its rank in [0, count). */
function kindOf(
  world: World,
  person: number,
  rank: number,
  count: number,
  occupation: Occupation,
): Kind {
  if (world.trouble === 'office-only') return rank === 0 ? 'workLaptop' : 'phone'
  if (rank === WORK_RANK && occupation === 'employed') return 'workLaptop'
  const u = unit(world.root, TAG.deviceKind, person, rank)
  if (count === 1) return u < DEVICES.onlyDeviceIsPhoneShare ? 'phone' : 'laptop'
  const shares = at(KIND_SHARES, Math.min(rank, KIND_SHARES.length - 1))
  return OWN_KINDS[choose(shares, u)] ?? 'phone'
}

// Scratch of chooseDevice, reused by every visit: kinds and running weights of one person's devices.
const kinds: Kind[] = []
const weights = new Float64Array(MOST)

/** The device of a visit; `u` in [0, 1), `atWork` in the working hours of a weekday. */
export function chooseDevice(world: World, person: number, atWork: boolean, u: number): Device {
  const first = cell(world.deviceFirst, person)
  const count = cell(world.deviceFirst, person + 1) - first
  const occupation = occupationOf(world, person)
  let total = 0
  for (let rank = 0; rank < count; rank++) {
    const kind = kindOf(world, person, rank, count, occupation)
    const guest = world.trouble === 'office-only' && kind === 'phone'
    let use: number = guest ? TROUBLE.officePhoneUse : DEVICES.useByKind[kind]
    if (kinds.indexOf(kind) >= 0 && kinds.indexOf(kind) < rank) use *= DEVICES.useOfSpare
    if (kind === 'workLaptop' && !atWork) use *= DEVICES.useOfWorkLaptopAtLeisure
    if (kind === 'tablet' && world.hard && sharesTablet(world, person, rank)) {
      use = HARD.sharedTabletUse
    }
    const liking = unit(world.root, TAG.deviceUse, person, rank)
    kinds[rank] = kind
    weights[rank] = total += use * (liking * DEVICES.useSpread + DEVICES.useFloor)
  }
  const lender = world.hard ? lenderOf(world, person) : -1
  const all = lender < 0 ? total : total + HARD.sharedTabletUse
  const mark = u * all
  if (mark >= total && lender >= 0) return deviceAt(world, lender, tabletRank(world, lender))
  let rank = 0
  while (rank < count - 1 && mark >= (weights[rank] ?? 0)) rank++
  return deviceAt(world, person, rank)
}

/** A device of an impostor's own that looks like one of the victim's; null if that was borrowed. */
export function copyOf(
  world: World,
  device: Device,
  victim: number,
  impostor: number,
): Device | null {
  if (device.owner !== victim) return null
  const rank = device.index - cell(world.deviceFirst, victim)
  const index = cell(world.deviceFirst, impostor) + rank
  return { ...device, index, owner: impostor, shared: false }
}

/** A person's device by rank. */
function deviceAt(world: World, owner: number, rank: number): Device {
  const first = cell(world.deviceFirst, owner)
  const count = cell(world.deviceFirst, owner + 1) - first
  const kind = kindOf(world, owner, rank, count, occupationOf(world, owner))
  const index = first + rank
  const shared = world.hard && kind === 'tablet' && sharesTablet(world, owner, rank)
  return { index, owner, kind, model: modelOf(world, owner, index, kind), shared }
}

/** The browser in one of the two jars of a device. */
export function browserIn(world: World, device: Device, jar: number): Browser {
  const owner = device.kind === 'workLaptop' ? officeOf(world, device.owner) : device.index
  return browserOf(device.model.system, unit(world.root, TAG.deviceBrowser, owner, jar))
}

/** ms by which a device's clock is ahead of the truth. */
export function clockErrorOf(world: World, device: number): number {
  const u = unit(world.root, TAG.deviceClock, device)
  const spread = unit(world.root, TAG.deviceClock, device, 1) * 2 - 1
  if (u < DEVICES.clockDaysWrongShare) return Math.round(spread * DEVICES.clockDaysWrongMs)
  if (u < DEVICES.clockDaysWrongShare + DEVICES.clockMinutesWrongShare) {
    return Math.round(spread * DEVICES.clockMinutesWrongMs)
  }
  return 0
}

function modelOf(world: World, owner: number, device: number, kind: Kind): Model {
  const { root } = world
  if (kind === 'workLaptop') return corporateModel(world, owner)
  if (kind === 'phone') {
    const alike = householdHas(world, owner, TAG.identical, HARD.identicalPhonesShare)
    const household = world.hard && alike ? cell(world.householdOf, owner) : -1
    const taste = household < 0 ? owner : world.people + household
    const iphone = unit(root, TAG.deviceModel, taste, 1) < DEVICES.iphoneShare
    const key = household < 0 ? world.people * 2 + device : taste
    return take(iphone ? SHELVES.iphone : SHELVES.android, unit(root, TAG.deviceModel, key, 2))
  }
  const u = unit(root, TAG.deviceModel, device, 3)
  const brand = unit(root, TAG.deviceModel, device, 4)
  if (kind === 'tablet')
    return take(brand < DEVICES.ipadShare ? SHELVES.ipad : SHELVES.androidTablet, u)
  if (kind === 'desktop') return take(SHELVES.desktop, u)
  return take(brand < DEVICES.macShare ? SHELVES.macLaptop : SHELVES.windowsLaptop, u)
}

/** An employer buys few models: laptops of colleagues are alike. */
function corporateModel(world: World, person: number): Model {
  const { root } = world
  const office = officeOf(world, person)
  const lot = hash(root, TAG.workplace, person, 5) % DEVICES.corporateModels
  const mac = unit(root, TAG.workplace, office, 6) < DEVICES.corporateMacShare
  const u = unit(root, TAG.workplace, office, 7 + lot)
  return take(mac ? SHELVES.macLaptop : SHELVES.windowsLaptop, u)
}

function take(shelf: Shelf, u: number): Model {
  return at(shelf.models, choose(shelf.shares, u))
}

/** The rank of a person's first tablet, or -1. */
function tabletRank(world: World, person: number): number {
  const count = cell(world.deviceFirst, person + 1) - cell(world.deviceFirst, person)
  const occupation = occupationOf(world, person)
  for (let rank = 0; rank < count; rank++) {
    if (kindOf(world, person, rank, count, occupation) === 'tablet') return rank
  }
  return -1
}

/** Who of the first two of a household owns the tablet that lies about, or -1. */
function tabletOwner(world: World, person: number): number {
  if (!householdHas(world, person, TAG.sharedTablet, HARD.sharedTabletShare)) return -1
  const [start] = householdSpan(world, person)
  if (person > start + 1) return -1
  if (tabletRank(world, start) >= 0) return start
  return tabletRank(world, start + 1) >= 0 ? start + 1 : -1
}

/** The housemate whose tablet a person borrows, or -1. */
function lenderOf(world: World, person: number): number {
  const owner = tabletOwner(world, person)
  return owner === person ? -1 : owner
}

function sharesTablet(world: World, owner: number, rank: number): boolean {
  return tabletOwner(world, owner) === owner && tabletRank(world, owner) === rank
}

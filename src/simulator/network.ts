// Which address a visit comes from: homes that change theirs, offices, campuses, carriers, cafés.
// No two homes hold one address at a time; everything else is shared by many on purpose.

import { NETWORKS, PEOPLE, PLACES } from './parameters.ts'
import type { World } from './population.ts'
import { campusOf, cell, occupationOf, officeOf, parts, placeOf } from './population.ts'
import { choose, cumulate, hash, mix, TAG, unit } from './random.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const SPOTS = ['home', 'carrier', 'work', 'cafe', 'vpn'] as const
export type Spot = (typeof SPOTS)[number]

const SPOT_SHARES = {
  phoneAtWork: shares(NETWORKS.phoneAtWork),
  phoneAtLeisure: shares(NETWORKS.phoneAtLeisure),
  computerAtWork: shares(NETWORKS.computerAtWork),
  computerAtLeisure: shares(NETWORKS.computerAtLeisure),
}
const LEASE_SHARES = cumulate(NETWORKS.homeLeases.map((lease) => lease.share))
const CARRIER_SHARES = cumulate(NETWORKS.carrierWeights)
const COUNTRIES = [...new Set(PLACES.map((place) => place.country))]
const COUNTRY_SHARES = COUNTRIES.map((country) =>
  PLACES.reduce((sum, place) => (place.country === country ? sum + place.share : sum), 0),
)

// First octets by kind of network, so that kinds never mix and none is private or reserved.
const HOME_OCTETS = [68, 71, 73, 76, 24, 98] as const
const OFFICE_OCTET = 63
const CAMPUS_OCTET = 128
const CARRIER_OCTET = 172
const CAFE_OCTET = 50
const VPN_OCTET = 146
const CLOUD_OCTET = 34

function shares(weights: Readonly<Record<Spot, number>>): readonly number[] {
  return cumulate(SPOTS.map((spot) => weights[spot]))
}

/** Where a visit happens: `u` in [0, 1) falls on one of the spots a device of this kind is used at. */
export function spotOf(portable: boolean, atWork: boolean, u: number): Spot {
  const table = portable
    ? atWork
      ? SPOT_SHARES.phoneAtWork
      : SPOT_SHARES.phoneAtLeisure
    : atWork
      ? SPOT_SHARES.computerAtWork
      : SPOT_SHARES.computerAtLeisure
  return SPOTS[choose(table, u)] ?? 'home'
}

/** The address of a device of a person at a spot and time (epoch ms); `u` in [0, 1) picks the rest. */
export function addressOf(
  world: World,
  person: number,
  device: number,
  spot: Spot,
  timeMs: number,
  u: number,
): string {
  if (spot === 'home') return homeAddress(world, person, device, timeMs, u)
  if (spot === 'carrier') return carrierAddress(world, person, device, timeMs)
  if (spot === 'cafe') return cafeAddress(world, person, u)
  if (spot === 'vpn')
    return v4(VPN_OCTET, Math.floor(u * parts(world.people, NETWORKS.peoplePerVpnExit)))
  const occupation = occupationOf(world, person)
  if (occupation === 'employed') return officeAddress(world, officeOf(world, person))
  if (occupation === 'student') return campusAddress(world, person, timeMs)
  return homeAddress(world, person, device, timeMs, u)
}

/** The one address of an office; kiosks and terminals have theirs behind the last office. */
export function officeAddress(world: World, office: number): string {
  return v4(OFFICE_OCTET, scatter(world.root, office))
}

/** An address of a hosting company, where bots run. */
export function cloudAddress(world: World, bot: number): string {
  return v4(CLOUD_OCTET, scatter(world.root, bot))
}

/** The IPv4 address of a person's home at a time (epoch ms). */
export function routerAddress(world: World, person: number, timeMs: number): string {
  // a draw of 1 is beyond any share of visits that use IPv6
  return homeAddress(world, person, 0, timeMs, 1)
}

function homeAddress(
  world: World,
  person: number,
  device: number,
  timeMs: number,
  u: number,
): string {
  const household = cell(world.householdOf, person)
  const { root } = world
  const days = leaseDays(root, household)
  if (unit(root, TAG.network, household) < NETWORKS.homeIpv6Share && u < NETWORKS.ipv6UseShare) {
    const lease = leaseAt(world, household, days * NETWORKS.ipv6LeaseFactor, timeMs)
    const prefix = mix(root, household * 64 + (lease % 64)) >>> 0
    // privacy extensions: a new interface id a device and day
    const day = Math.floor(timeMs / DAY_MS)
    return v6(0x2601_0000 + (lease >>> 6), prefix, hash(root, TAG.network, device, day), day)
  }
  const lease = leaseAt(world, household, days, timeMs)
  const plane = hash(root, TAG.lease, household, lease) % NETWORKS.addressesPerHome
  // an odd factor permutes the slots: unique within a plane, other neighbours in each
  const factor = hash(root, TAG.lease, plane) | 1
  const slot = (Math.imul(household, factor) >>> 0) % world.homeSlots
  const index = plane * world.homeSlots + slot
  return v4(HOME_OCTETS[index >>> 24] ?? HOME_OCTETS[0], index & 0xffffff)
}

function leaseDays(root: number, household: number): number {
  const u = unit(root, TAG.lease, household)
  return NETWORKS.homeLeases[choose(LEASE_SHARES, u)]?.days ?? 1
}

/** The number of the lease at a time; each home's leases begin at its own hour. */
function leaseAt(world: World, household: number, days: number, timeMs: number): number {
  const phase = unit(world.root, TAG.network, household, 1)
  return Math.floor((timeMs - world.startAt) / (days * DAY_MS) + phase)
}

function carrierAddress(world: World, person: number, device: number, timeMs: number): string {
  const { root } = world
  const carrier = choose(CARRIER_SHARES, unit(root, TAG.network, person, 2))
  const country = COUNTRIES.indexOf(placeOf(world, person).country)
  const phase = unit(root, TAG.network, device, 3)
  const lease = Math.floor(timeMs / (NETWORKS.carrierLeaseHours * HOUR_MS) + phase)
  const draw = hash(root, TAG.network, device, lease)
  // a phone's carrier speaks IPv6 or not, for good
  if (unit(root, TAG.network, person, 4) < NETWORKS.carrierIpv6Share) {
    return v6(
      0x2607_fb00 + country * 4 + carrier,
      draw,
      hash(root, TAG.lease, device, lease),
      lease,
    )
  }
  const people =
    world.people * (COUNTRY_SHARES[country] ?? 0) * (NETWORKS.carrierWeights[carrier] ?? 0)
  const pool = parts(people, NETWORKS.peoplePerCarrierAddress)
  return v4(CARRIER_OCTET, 0x300000 + (country * 4 + carrier) * 4096 + (draw % pool))
}

function cafeAddress(world: World, person: number, u: number): string {
  const favourite = Math.floor(u * NETWORKS.cafesPerPerson)
  const cafes = parts(world.people, NETWORKS.peoplePerCafe)
  return v4(
    CAFE_OCTET,
    scatter(world.root, hash(world.root, TAG.network, person, 8 + favourite) % cafes),
  )
}

function campusAddress(world: World, person: number, timeMs: number): string {
  const campus = campusOf(world, person)
  const students = (world.people * PEOPLE.studentShare) / world.campuses
  const gateways = parts(students, NETWORKS.studentsPerGateway)
  const day = Math.floor(timeMs / DAY_MS)
  return v4(
    CAMPUS_OCTET,
    0x500000 + campus * 256 + (hash(world.root, TAG.network, person, day) % gateways),
  )
}

/** Spreads numbers over 24 bits without ever giving two the same. */
function scatter(root: number, index: number): number {
  return (Math.imul(index + 1, 0x9e3779b1) + root) & 0xffffff
}

function v4(octet: number, rest: number): string {
  return `${octet}.${(rest >>> 16) & 255}.${(rest >>> 8) & 255}.${rest & 255}`
}

function group(value: number): string {
  return value.toString(16)
}

function v6(high: number, prefix: number, low: number, salt: number): string {
  const tail = mix(low, salt) >>> 0
  return (
    `${group(high >>> 16)}:${group(high & 0xffff)}:${group(prefix >>> 16)}:${group(prefix & 0xffff)}:` +
    `${group(low >>> 16)}:${group(low & 0xffff)}:${group(tail >>> 16)}:${group((tail & 0xffff) | 1)}`
  )
}

// Cookie jars: one for each browser and site. A cookie is the number of its jar's clearings so far,
// so a world's cookies are counted, never listed. Grows with devices, not with messages.

import { COOKIES } from './parameters.ts'
import { cell } from './population.ts'
import type { World } from './population.ts'
import type { Dice } from './random.ts'
import { TAG, unit, uuidOf } from './random.ts'
import { SITE_LIST } from './vocabulary.ts'

/** Who is signed in, as a jar remembers it. */
export const SIGNED = { out: 0, owner: 1, other: 2, resetting: 255 } as const

const JARS_PER_DEVICE = 2
const SITES = SITE_LIST.length
const HOUR_MS = 3_600_000

/** The state of every jar of a world. */
export interface Jars {
  readonly clearings: Uint16Array
  /** Hours since the world began at the last visit, plus one; 0 is never. */
  readonly seenHour: Uint16Array
  readonly signedIn: Uint8Array
  /** Private windows opened so far, by device. */
  readonly privateWindows: Uint16Array
}

/** Empty jars for all devices. */
export function emptyJars(world: World): Jars {
  const devices = cell(world.deviceFirst, world.people)
  const jars = devices * JARS_PER_DEVICE * SITES
  return {
    clearings: new Uint16Array(jars),
    seenHour: new Uint16Array(jars),
    signedIn: new Uint8Array(jars),
    privateWindows: new Uint16Array(devices),
  }
}

/** The number of a jar. */
export function jarOf(device: number, jar: number, site: number): number {
  return (device * JARS_PER_DEVICE + jar) * SITES + site
}

/** How a cookie ends: cleared by hand, also after a pause in Safari (ITP), or never (an app's). */
export type Lifetime = 'cleared' | 'itp' | 'install'

/** Opens a jar at a time (epoch ms): clears it first if that is due. */
export function openJar(
  world: World,
  jars: Jars,
  jar: number,
  timeMs: number,
  lifetime: Lifetime,
  dice: Dice,
): void {
  const hour = Math.min(65_534, Math.floor((timeMs - world.startAt) / HOUR_MS))
  const seen = cell(jars.seenHour, jar) - 1
  const roll = dice.unit()
  if (seen >= 0) {
    const gapDays = Math.max(0, hour - seen) / 24
    const rate = lifetime === 'install' ? 0 : clearingsPerDay(world, jar)
    const lost = roll < 1 - Math.exp(-rate * gapDays)
    const expired = lifetime === 'itp' && gapDays > COOKIES.itpDays
    if (lost || expired || jars.signedIn[jar] === SIGNED.resetting) clearJar(jars, jar)
  }
  jars.seenHour[jar] = hour + 1
}

/** Throws the cookie away; the next visit gets another. */
export function clearJar(jars: Jars, jar: number): void {
  jars.clearings[jar] = cell(jars.clearings, jar) + 1
  jars.signedIn[jar] = SIGNED.out
}

/** The cookie of a jar after a number of clearings. */
export function cookieOf(world: World, jar: number, clearings: number): string {
  return uuidOf(world.root, TAG.cookie, jar, clearings)
}

/** The cookie of the nth private window on a device. */
export function privateCookieOf(world: World, device: number, window: number): string {
  return uuidOf(world.root, TAG.privateCookie, device, window)
}

function clearingsPerDay(world: World, jar: number): number {
  const u = unit(world.root, TAG.clearing, Math.floor(jar / SITES))
  if (u < COOKIES.resettersShare) return COOKIES.resettersPerDay
  if (u < COOKIES.resettersShare + COOKIES.clearersShare) return COOKIES.clearersPerDay
  return COOKIES.othersPerDay
}

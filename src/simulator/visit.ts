// One visit of one person: device, place, site and cookie, then page after page.
// Drawn from (seed, person, day, number of the visit) and the state of the cookie jar alone; an impostor's
// device, place and site from the victim's visit.

import { browse } from './browsing.ts'
import type { Arrival } from './arrival.ts'
import type { Device } from './device.ts'
import { chooseDevice, copyOf } from './device.ts'
import type { Spot } from './network.ts'
import { addressOf, spotOf } from './network.ts'
import { openSite } from './opening.ts'
import { ACTIVITY, COOKIES, SITES } from './parameters.ts'
import { leaderOf, occupationOf, placeOf } from './population.ts'
import { at, choose, cumulate, TAG, unit } from './random.ts'
import type { Run } from './run.ts'
import type { Site } from './vocabulary.ts'
import { SITE_LIST } from './vocabulary.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const HOME_SITE_SHARES = cumulate(SITES.homeWeights)

/** Whether it is a working hour of a weekday where a person lives. */
function isAtWork(run: Run, person: number, timeMs: number): boolean {
  const local = timeMs + placeOf(run.world, person).offsetHours * HOUR_MS
  const weekday = (Math.floor(local / DAY_MS) + 4) % 7
  const hour = (local % DAY_MS) / HOUR_MS
  const working = hour >= ACTIVITY.workFromHour && hour < ACTIVITY.workUntilHour
  return working && weekday >= 1 && weekday <= 5 && occupationOf(run.world, person) !== 'other'
}

/** Plays one visit; `number` counts a person's visits of the day. */
export function visit(
  run: Run,
  person: number,
  day: number,
  number: number,
  startMs: number,
): void {
  const { world, dice } = run
  const leader = leaderOf(world, person)
  dice.start(world.root, TAG.visit, leader, day * 256 + number)
  run.now = startMs
  const atWork = isAtWork(run, leader, startMs)
  if (world.trouble === 'office-only' && !atWork) return
  const arrival = arrive(run, leader, atWork)
  if (leader === person) {
    browse(run, openSite(run, arrival), arrival.spot)
    return
  }
  const device = copyOf(world, arrival.device, leader, person)
  if (device === null) return
  dice.start(world.root, TAG.impostorVisit, person, day * 256 + number)
  // an app would tell the install it belongs to, which nobody copies
  const copied = { ...arrival, person, device, app: false, guise: arrival }
  browse(run, openSite(run, copied), arrival.spot)
}

/** Device, place and site of a visit that begins now. */
function arrive(run: Run, person: number, atWork: boolean): Arrival {
  const { world, dice, now } = run
  const device = chooseDevice(world, person, atWork, dice.unit())
  const spot = spotAt(run, device, atWork)
  const home = choose(HOME_SITE_SHARES, unit(world.root, TAG.site, person))
  const index = dice.chance(SITES.homeSiteShare) ? home : dice.below(SITE_LIST.length)
  const site = at(SITE_LIST, index)
  const ip = addressOf(world, person, device.index, spot, now, dice.unit())
  const second = secondJar(run, device, site)
  return { person, device, site, atHome: index === home, spot, ip, guise: null, ...second }
}

function spotAt({ world, dice }: Run, device: Device, atWork: boolean): Spot {
  if (world.trouble === 'office-only') return 'work'
  return device.kind === 'desktop' ? 'home' : spotOf(device.kind === 'phone', atWork, dice.unit())
}

/** 0: the usual browser, 1: the second one or, for its owners, the shop's app. */
function secondJar(run: Run, device: Device, site: Site): { jar: number; app: boolean } {
  const { world, dice } = run
  const hasApp =
    device.kind === 'phone' &&
    site.index === 0 &&
    unit(world.root, TAG.app, device.owner) < COOKIES.appOwnersShare
  if (hasApp) {
    const app = dice.chance(COOKIES.appVisitShare)
    return { jar: app ? 1 : 0, app }
  }
  return { jar: dice.chance(COOKIES.secondBrowserShare) ? 1 : 0, app: false }
}

// One visit of one person: device, place, site and cookie, then page after page.
// Drawn from (seed, person, day, number of the visit) and the state of the cookie jar alone.

import { browse } from './browsing.ts'
import type { Device } from './device.ts'
import { chooseDevice } from './device.ts'
import { addressOf, spotOf } from './network.ts'
import { openSite } from './opening.ts'
import { ACTIVITY, COOKIES, SITES } from './parameters.ts'
import { occupationOf, placeOf } from './population.ts'
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
  dice.start(world.root, TAG.visit, person, day * 256 + number)
  run.now = startMs
  const atWork = isAtWork(run, person, startMs)
  const device = chooseDevice(world, person, atWork, dice.unit())
  const portable = device.kind === 'phone'
  const spot = device.kind === 'desktop' ? 'home' : spotOf(portable, atWork, dice.unit())
  const home = choose(HOME_SITE_SHARES, unit(world.root, TAG.site, person))
  const index = dice.chance(SITES.homeSiteShare) ? home : dice.below(SITE_LIST.length)
  const site = at(SITE_LIST, index)
  const ip = addressOf(world, person, device.index, spot, startMs, dice.unit())
  const second = secondJar(run, device, site)
  const arrival = { person, device, site, atHome: index === home, spot, ip, ...second }
  browse(run, openSite(run, arrival), spot)
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

// A visitor in front of a site: the cookie they bring, whom the site takes them for, their context.
// The jar decides; only private windows and, in a hard world, broken pages go past it.

import type { Arrival } from './arrival.ts'
import type { Device } from './device.ts'
import { browserIn, clockErrorOf } from './device.ts'
import { appContext, webContext } from './context.ts'
import { saysWho, userIdOf } from './identity.ts'
import { clearJar, cookieOf, jarOf, openJar, privateCookieOf, SIGNED } from './jars.ts'
import type { Sender } from './message.ts'
import { pageOf } from './message.ts'
import { noteShared, noteTablet, tabletKey, USER } from './occurrence.ts'
import { COOKIES, DELIVERY, HARD, VISITS } from './parameters.ts'
import { cell, mateOf } from './population.ts'
import { TAG, unit, uuidOf } from './random.ts'
import type { Run } from './run.ts'
import { JUNK_IDS } from './vocabulary.ts'

const DAY_MS = 86_400_000

/** A visit's sender with the jar it may remember a sign-in in; -1 if nothing will be remembered. */
export interface Opened {
  readonly sender: Sender
  readonly device: Device
  readonly jar: number
  /** Whether it is the person's main site. */
  readonly atHome: boolean
  known: boolean
}

/** Opens a site with the cookie of the jar, as whoever it remembers. */
export function openSite(run: Run, arrival: Arrival): Opened {
  const { world, dice } = run
  const { person, device, site, app, atHome, guise } = arrival
  const seen = guise === null ? arrival : { ...arrival, ...guise }
  const offline = app ? 'app' : device.kind === 'phone' ? 'phone' : 'other'
  const late = dice.chance(DELIVERY.offlineShare[offline])
  const sender: Sender = {
    channel: app ? 'app' : 'web',
    site,
    person,
    account: person,
    clockErrorMs: clockErrorOf(world, device.index),
    offlineUntil: late ? Math.floor(run.now + dice.wait(DELIVERY.offlineMs)) : 0,
    anonymousId: '',
    userId: null,
    context: app ? appContext(run, seen) : webContext(run, seen),
    page: pageOf(site, '/', 'Home', '', ''),
    extra: null,
  }
  const odd = oddCookie(run, sender, device, app)
  if (odd !== null) {
    sender.anonymousId = odd
    return { sender, device, jar: -1, atHome, known: false }
  }
  const jar = jarOf(device.index, arrival.jar, site.index)
  const itp = site.cookieByScript && browserIn(world, seen.device, arrival.jar) === 'Safari'
  openJar(world, run.jars, jar, run.now, app ? 'install' : itp ? 'itp' : 'cleared', dice)
  return { sender, device, jar, atHome, known: takeJar(run, sender, device, jar) }
}

/** A cookie that is not the jar's: a private window's or, in a hard world, a broken page's. */
function oddCookie(run: Run, sender: Sender, device: Device, app: boolean): string | null {
  const { world, jars, dice, occurrences } = run
  const { person, site } = sender
  if (world.hard) {
    if (dice.chance(HARD.junkAnonymousShare)) return dice.pick(JUNK_IDS)
    const part = (run.now - world.startAt) / (world.days * DAY_MS)
    const live = part >= HARD.hardCodedFromPart && part < HARD.hardCodedUntilPart
    if (live && site.index === 2 && !app && dice.chance(HARD.hardCodedShare)) {
      const cookie = uuidOf(world.root, TAG.install, site.index, 0)
      noteShared(occurrences, `cookie:${cookie}`, person)
      return cookie
    }
    if (dice.chance(HARD.junkUserShare) && saysWho(world, person))
      sender.userId = dice.pick(JUNK_IDS)
  }
  const shy = unit(world.root, TAG.privateMode, person) < COOKIES.privateUsersShare
  if (app || device.shared || !shy || !dice.chance(COOKIES.privateVisitShare)) return null
  const window = cell(jars.privateWindows, device.index)
  jars.privateWindows[device.index] = window + 1
  return privateCookieOf(world, device.index, window)
}

/** Continues as whoever the jar remembers; on a shared tablet that may be somebody else. */
function takeJar(run: Run, sender: Sender, device: Device, jar: number): boolean {
  const { world, jars, dice, occurrences } = run
  const { person } = sender
  const mine = person === device.owner ? SIGNED.owner : SIGNED.other
  const signed = cell(jars.signedIn, jar)
  let known = signed === mine
  if (signed !== SIGNED.out && !known && !dice.chance(HARD.tabletStaysSignedIn)) {
    jars.signedIn[jar] = SIGNED.out
    if (dice.chance(VISITS.signOutResets)) clearJar(jars, jar)
  } else if (signed !== SIGNED.out) {
    known = true
    sender.account = signed === SIGNED.owner ? device.owner : mateOf(world, device.owner)
    sender.userId = userIdOf(world, sender.account, sender.site.index)
  }
  const clearings = cell(jars.clearings, jar)
  sender.anonymousId = cookieOf(world, jar, clearings)
  if (device.shared) {
    const user = person === device.owner ? USER.owner : USER.mate
    noteTablet(occurrences, tabletKey(jar, clearings), user)
  }
  return known
}

// The things of a hard world that are nobody's: kiosks and call-centre terminals with one cookie for
// all, tills that type the store's address, bots with a cookie for each hit.

import { SHELVES, userAgentOf } from './catalogue.ts'
import { ALIAS, crmIdOf, firstNameOf, saysWho, userIdOf } from './identity.ts'
import type { Sender } from './message.ts'
import { pageOf } from './message.ts'
import { accountMail, identify, isMember, order, signIn, typePhone } from './naming.ts'
import { cloudAddress, officeAddress } from './network.ts'
import { note, noteShared } from './occurrence.ts'
import { HARD } from './parameters.ts'
import type { World } from './population.ts'
import { parts } from './population.ts'
import { at, hash, TAG, uuidOf } from './random.ts'
import type { Run } from './run.ts'
import { act, post, postFromServer } from './run.ts'
import { TROUBLE } from './trouble.ts'
import { PAGES, SITE_LIST } from './vocabulary.ts'

// Counters are numbered together: kiosks first, terminals from here.
const TERMINALS = 1_000_000

/** How many of each a world has: none in a clean one. Their numbers follow the people's. */
export interface Fixtures {
  readonly kiosks: number
  readonly terminals: number
  readonly tills: number
  readonly bots: number
  /** Scripted browsers of a farm: only in a world with that trouble. */
  readonly farm: number
}

export function fixturesOf(world: World): Fixtures {
  const { people, hard, trouble } = world
  const farm = trouble === 'bot-farm' ? parts(people, TROUBLE.peoplePerFarmBrowser) : 0
  if (!hard) return { kiosks: 0, terminals: 0, tills: 0, bots: 0, farm }
  return {
    kiosks: parts(people, HARD.peoplePerKiosk),
    terminals: parts(people, HARD.peoplePerTerminal),
    tills: parts(people, HARD.peoplePerTill),
    bots: parts(people, HARD.peoplePerBot),
    farm,
  }
}

/** One customer at a kiosk, who may sign in. */
export function kioskVisit(run: Run, kiosk: number): void {
  const { world, dice } = run
  const person = neighbour(run, TAG.terminal, kiosk, HARD.kioskUsers)
  const sender = counterSender(run, kiosk, person, 'kiosk')
  look(run, sender, 0)
  if (dice.chance(HARD.kioskNamedShare) && saysWho(world, person)) {
    const member = isMember(world, person, 0, true)
    if (member) signIn(run, sender)
    if (!member || dice.chance(HARD.kioskOrderShare)) order(run, sender, 'cafe', member)
  }
  look(run, sender, dice.below(PAGES.length))
}

/** One caller at a call centre: the agent opens their account, or takes an order. */
export function terminalCall(run: Run, terminal: number): void {
  const { world } = run
  const person = neighbour(run, TAG.terminal, TERMINALS + terminal, HARD.terminalUsers)
  if (!saysWho(world, person)) return
  const sender = counterSender(run, TERMINALS + terminal, person, 'agent')
  const member = isMember(world, person, 0, true)
  if (member) {
    note(run.occurrences, person, ALIAS.user)
    sender.userId = userIdOf(world, person, 0)
    identify(run, sender)
  }
  order(run, sender, 'cafe', member)
}

/** One sale at a till to a customer with a loyalty account, sometimes under the store's address. */
export function tillSale(run: Run, till: number): void {
  const { world, dice, occurrences } = run
  const person = neighbour(run, TAG.till, till, HARD.kioskUsers)
  if (!saysWho(world, person)) return
  const site = at(SITE_LIST, 0)
  const store = `store${till}@shop.example.com`
  const storeMail = dice.chance(HARD.storeMailShare)
  const email = storeMail ? store : accountMail(run, person, 0)
  if (storeMail) noteShared(occurrences, `email:${store}`, person)
  note(occurrences, person, ALIAS.user)
  note(occurrences, person, ALIAS.crm)
  const traits = {
    email,
    phone: typePhone(run, person),
    firstName: firstNameOf(world, person),
    store: `store-${till}`,
  }
  const crmId = crmIdOf(world, person)
  const call = { site, person, type: 'identify', crmId, afterMs: 0 } as const
  postFromServer(run, call, { userId: userIdOf(world, person, 0), traits })
}

/** One page fetched by a bot that keeps no cookies. */
export function botHit(run: Run, bot: number): void {
  const { world, dice, occurrences } = run
  const hits = occurrences.botHits[bot] ?? 0
  occurrences.botHits[bot] = hits + 1
  const site = dice.pick(SITE_LIST)
  const sender = plainSender(botCookieOf(world, bot, hits), -1, cloudAddress(world, bot))
  look(run, { ...sender, site }, dice.below(PAGES.length))
}

/** The cookie of a bot's nth hit. */
export function botCookieOf(world: World, bot: number, hit: number): string {
  return uuidOf(world.root, TAG.botCookie, bot, hit)
}

/** Somebody of those who live near. */
function neighbour(run: Run, tag: number, fixture: number, reach: number): number {
  const { world, dice } = run
  const start = hash(world.root, tag, fixture) % world.people
  return (start + dice.below(Math.min(reach, world.people))) % world.people
}

function counterSender(run: Run, counter: number, person: number, kind: string): Sender {
  const { world, occurrences } = run
  const cookie = uuidOf(world.root, TAG.terminal, counter, 1)
  noteShared(occurrences, `cookie:${cookie}`, person)
  const sender = plainSender(cookie, person, officeAddress(world, world.offices + counter))
  return { ...sender, page: pageOf(sender.site, `/${kind}`, `Northfold ${kind}`, '', '') }
}

/** A browser of no person: a plain computer at the site's home. */
export function plainSender(anonymousId: string, person: number, ip: string): Sender {
  const model = at(SHELVES.desktop.models, 0)
  const site = at(SITE_LIST, 0)
  return {
    channel: 'web',
    site,
    person,
    account: person,
    clockErrorMs: 0,
    offlineUntil: 0,
    anonymousId,
    userId: null,
    context: {
      ip,
      userAgent: userAgentOf(model, 'Chrome', 0),
      locale: 'en-US',
      timezone: 'America/New_York',
      screen: model.screen,
      device: { type: model.form },
      os: model.os,
      gpu: model.gpu,
      library: { name: 'analytics.js', version: 'npm:next-1.81.0' },
    },
    page: pageOf(site, '/', 'Home', '', ''),
    extra: null,
  }
}

/** Shows one of the site's pages. */
export function look(run: Run, sender: Sender, index: number): void {
  const [path, title, category] = at(PAGES, index)
  sender.page = pageOf(sender.site, path, title, '', '')
  const message = act(run, sender, 'page')
  message.name = title
  message.category = category
  message.properties = { ...sender.page, name: title, category }
  post(run, sender, message)
}

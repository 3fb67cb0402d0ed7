// A farm of scripted browsers: alike to the last pixel, a few addresses, a new cookie each visit, some
// with accounts made up. Whom a visit passes for follows from its number, so the truth keeps no state.

import { fixturesOf, look, plainSender } from './fixtures.ts'
import { cloudAddress, routerAddress } from './network.ts'
import type { World } from './population.ts'
import { parts } from './population.ts'
import { at, hash, TAG, unit, uuidOf } from './random.ts'
import type { Run } from './run.ts'
import { act, post } from './run.ts'
import { TROUBLE } from './trouble.ts'
import type { TruthRow } from './truth.ts'
import { FIRST_NAMES, LAST_NAMES, PAGES } from './vocabulary.ts'

// Beyond the numbers of people and of the bots that keep no cookies.
const ACCOUNT_NUMBER_MIN = 5_000_000
const ADDRESS_NUMBER_MIN = 1_000_000

/** Whom a visit passes for: an account that comes back for some visits, or nobody for this one only. */
interface Identity {
  readonly label: string
  readonly cookie: string
  /** What the account calls itself; null for a visit that signs in nowhere. */
  readonly account: { readonly email: string; readonly userId: string } | null
  /** Whether it is the first of the account's visits. */
  readonly first: boolean
}

/** One visit: pages without a pause for thought, and for some a sign-up or sign-in in between. */
export function farmVisit(run: Run, browser: number, day: number, number: number): void {
  const { world, dice } = run
  const { cookie, account, first } = identityOf(
    world,
    browser,
    day * TROUBLE.farmVisitsPerDay + number,
  )
  const sender = plainSender(cookie, -1, farmAddress(run, browser))
  look(run, sender, 0)
  if (account !== null) {
    const { email, userId } = account
    sender.userId = userId
    const entry = act(run, sender, 'track')
    entry.event = first ? 'Signed Up' : 'Signed In'
    entry.properties = first ? { method: 'password', email } : { method: 'password' }
    post(run, sender, entry)
    const message = act(run, sender, 'identify')
    message.traits = { email }
    post(run, sender, message)
  }
  for (let page = 1; page < TROUBLE.farmPages; page++) look(run, sender, dice.below(PAGES.length))
}

/** Whose the farm's identifiers are: each account, and each visit without one, is somebody of its own. */
export function* farmRows(world: World): Generator<TruthRow> {
  const visits = world.days * TROUBLE.farmVisitsPerDay
  for (let browser = 0; browser < fixturesOf(world).farm; browser++) {
    for (let visit = 0; visit < visits; visit++) {
      const { label: person, cookie, account, first } = identityOf(world, browser, visit)
      yield { identifier: `cookie:${cookie}`, person }
      if (account === null || !first) continue
      yield { identifier: `email:${account.email}`, person }
      yield { identifier: `external_id:user:${account.userId}`, person }
    }
  }
}

/** Whom a browser passes for in its nth visit. */
function identityOf(world: World, browser: number, visit: number): Identity {
  const { root, days } = world
  const { farmVisitsPerAccount, farmVisitsPerDay, farmAccountShare } = TROUBLE
  const perBrowser = Math.ceil((days * farmVisitsPerDay) / farmVisitsPerAccount)
  const serial = browser * perBrowser + Math.floor(visit / farmVisitsPerAccount)
  const nth = visit % farmVisitsPerAccount
  const cookie = uuidOf(root, TAG.farmCookie, browser, visit)
  if (unit(root, TAG.farmAccount, serial) >= farmAccountShare) {
    return { label: `farm${serial}.${nth}`, cookie, account: null, first: false }
  }
  const given = at(FIRST_NAMES, hash(root, TAG.farmAccount, serial, 1) % FIRST_NAMES.length)
  const family = at(LAST_NAMES, hash(root, TAG.farmAccount, serial, 2) % LAST_NAMES.length)
  const number = ACCOUNT_NUMBER_MIN + serial
  const account = { email: `${given}${family}${number}@example.net`, userId: `u${number}` }
  return { label: `farm${serial}`, cookie, account, first: nth === 0 }
}

/** Some browsers behind one hired address, with detours through homes whose router was taken over. */
function farmAddress({ world, dice, now }: Run, browser: number): string {
  const { farmProxyShare, peoplePerFarmProxy, farmBrowsersPerAddress } = TROUBLE
  if (dice.chance(farmProxyShare)) {
    const home = dice.below(parts(world.people, peoplePerFarmProxy))
    return routerAddress(world, hash(world.root, TAG.farmProxy, home) % world.people, now)
  }
  const addresses = parts(fixturesOf(world).farm, farmBrowsersPerAddress)
  return cloudAddress(world, ADDRESS_NUMBER_MIN + (browser % addresses))
}

// Crowds added to a live system: a mailbox that everybody types, a kiosk, one address under a policy where an address is
// enough. What they had glued by decisions already published comes apart, the old ids return, and calm days count again.
// SELFSAME_CROWD sets how many people.
import { expect, test, vi } from 'vitest'

import { withAccount, type OnAccount, type Timed } from '../batch/account.ts'
import { login, page, signUp, type Sent } from '../scenarios/messages.ts'

const PEOPLE = Number(process.env['SELFSAME_CROWD'] ?? 400)
/** Generous: on a machine that does nothing else 5,000 take half a minute. */
const MS_PER_PERSON_MAX = 60
/** In one call, as a long file comes: a call alone may be too large to decide at once. */
const AT_ONCE = 2_000
const ALL = 1_000_000

vi.setConfig({ testTimeout: 60_000 + PEOPLE * MS_PER_PERSON_MAX })

const START = Date.UTC(2026, 0, 1, 10)
const DAY_MS = 86_400_000
const SECOND_MS = 1_000

const MAILBOX = 'kasse7@shop.example'
/** Few enough to look at for the live path to leave some to the run. */
const SMALL = {
  profileIdentifiersMax: Math.ceil(PEOPLE / 5),
  neighbourhoodIdentifiersMax: Math.ceil(PEOPLE / 2.5),
}

const at = (day: number, sent: Sent, second = 0): Timed => ({
  at: START + day * DAY_MS + second * SECOND_MS,
  sent,
})

function crowd(count: number, make: (n: number) => Timed): readonly Timed[] {
  return Array.from({ length: count }, (_, n) => make(n))
}

/** Cookie -> its profile. */
async function homes({ account }: OnAccount): Promise<ReadonlyMap<string, string>> {
  await account.resolver.flush()
  const nodes = await account.store.scanNodes('', ALL)
  return new Map(
    nodes.flatMap(({ type, value, profile }) => (type === 'cookie' ? [[value, profile]] : [])),
  )
}

/** Cookies that are not where they were. */
function movedSince(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  return [...before].flatMap(([cookie, home]) => (now.get(cookie) === home ? [] : [cookie]))
}

/** The run decides what waits and leaves nothing to the next, and all is as the log says. */
async function expectSettled(on: OnAccount): Promise<void> {
  const { store } = on.account
  await on.run()
  expect((await store.counts()).waiting).toBe(0)
  const [last] = (await store.changes(0, ALL)).slice(-1)
  const again = await on.run()
  expect(again).toMatchObject({ confirmed: 0, doubtful: 0, awaiting: 0 })
  expect(again.differences).toMatchObject({ merges: 0, splits: 0, moves: 0 })
  expect(await store.changes(last?.sequence ?? 0, ALL)).toEqual([])
  expect(await on.verify()).toMatchObject({ differences: [], waiting: 0 })
}

test(`a mailbox that ${PEOPLE} people type, and a kiosk where they log in`, async () => {
  await withAccount({ guards: SMALL }, async (on) => {
    const visitors = crowd(PEOPLE, (n) => at(0, page(`visitor-${n}`), n))
    const members = crowd(PEOPLE, (n) => at(0, signUp(`member-${n}`, `m${n}@home.example`), n))
    await on.take([at(-1, login('office-1', MAILBOX)), ...visitors, ...members], AT_ONCE)
    const known = await homes(on)
    const typed = (n: number): Timed => at(5, signUp(`visitor-${n}`, MAILBOX), n)
    const kiosk = (n: number): Timed => at(5, signUp('kiosk-1', `m${n}@home.example`), n)
    await on.take([...crowd(15, typed), ...crowd(2, kiosk)])
    await on.run()
    const glued = await homes(on)
    expect(new Set(crowd(15, typed).map((_, n) => glued.get(`visitor-${n}`))).size).toBe(1)
    expect(glued.get('member-0')).toBe(glued.get('member-1'))
    await on.take([...crowd(PEOPLE, typed), ...crowd(PEOPLE, kiosk)], AT_ONCE)
    // A second mailbox that is never crowded on one day: too large to decide live.
    const slow = (n: number): Timed =>
      at(10 + Math.floor(n / 20), signUp(`guest-${n}`, 'guests@shop.example'), n)
    await on.take(crowd(PEOPLE, slow), AT_ONCE)
    await on.account.resolver.flush()
    expect((await on.account.store.counts()).waiting).toBeGreaterThan(0)
    await expectSettled(on)
    const apart = await homes(on)
    expect(movedSince(known, apart)).toEqual([])
    await on.take([
      at(5_000, signUp('visitor-7', MAILBOX)),
      at(5_000, signUp('member-7', 'm8@home.example')),
    ])
    const calm = await homes(on)
    expect(calm.get('visitor-7')).toBe(calm.get('office-1'))
    expect(calm.get('member-7')).toBe(calm.get('member-8'))
    expect(calm.get('visitor-8')).toBe(known.get('visitor-8'))
    expect(await on.verify()).toMatchObject({ differences: [] })
  })
})

test(`a mailbox of ${PEOPLE} people that a new policy calls crowded`, async () => {
  await withAccount({ guards: SMALL }, async (on) => {
    await on.take(
      crowd(PEOPLE, (n) => at(0, page(`guest-${n}`), n)),
      AT_ONCE,
    )
    const known = await homes(on)
    const typed = (n: number): Timed =>
      at(10 + Math.floor(n / 20), signUp(`guest-${n}`, MAILBOX), n)
    await on.take(crowd(PEOPLE, typed), AT_ONCE)
    await on.run()
    expect(movedSince(known, await homes(on)).length).toBeGreaterThan(1)
    const email = { warn: 5, full: 10, void: 10 }
    const { doubtful } = await on.run({ guards: SMALL, promiscuity: { email } })
    expect(doubtful).toBe(SMALL.profileIdentifiersMax)
    await on.account.resolver.flush()
    expect((await on.account.store.counts()).waiting).toBe(0)
    expect(movedSince(known, await homes(on))).toEqual([])
    expect(await on.verify()).toMatchObject({ differences: [] })
  })
})

test(`an address of ${PEOPLE} people, where an address is enough to join two`, async () => {
  await withAccount({ thresholds: { merge: 0.3, question: 0.2 }, guards: SMALL }, async (on) => {
    const ip = '203.0.113.251'
    await on.take(
      crowd(PEOPLE, (n) => at(0, page(`visitor-${n}`), n)),
      AT_ONCE,
    )
    const known = await homes(on)
    const seen = (n: number): Timed => at(5, page(`visitor-${n}`, { ip }), n % 600)
    await on.take(crowd(2, seen))
    await on.run()
    const glued = await homes(on)
    expect(glued.get('visitor-0')).toBe(glued.get('visitor-1'))
    await on.take(crowd(PEOPLE, seen), AT_ONCE)
    await expectSettled(on)
    expect(movedSince(known, await homes(on))).toEqual([])
    await on.take([7, 8].map((n) => at(5_000, page(`visitor-${n}`, { ip }))))
    const calm = await homes(on)
    expect(calm.get('visitor-7')).toBe(calm.get('visitor-8'))
    expect(calm.get('visitor-9')).toBe(known.get('visitor-9'))
    expect(await on.verify()).toMatchObject({ differences: [] })
  })
})

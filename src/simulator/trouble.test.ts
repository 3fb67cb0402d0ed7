// Each trouble is what it says, in the messages and in the truth; the truth stays exact in all of them.
import { createHash } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { JUNK, namesOf, type Played, playWorld, textOf } from '../../test/simulated.ts'
import type { Item, Trouble } from './index.ts'
import { simulate, TROUBLES } from './index.ts'
import { worldOptions } from './options.ts'
import { DEVICES, PLACES } from './parameters.ts'
import { leaderOf, livesAlone, occupationOf, populate, type World } from './population.ts'
import { TROUBLE } from './trouble.ts'

const people = 300
const days = 20
const troubles = TROUBLES.filter((trouble) => trouble !== 'none')

const played = new Map<string, Played>()
function play(trouble: Trouble, hard = true): Played {
  const key = `${trouble} ${hard}`
  const known = played.get(key) ?? playWorld({ people, days, hard, trouble })
  played.set(key, known)
  return known
}

const populated = (trouble: Trouble, size = people): World =>
  populate(worldOptions({ people: size, days, hard: true, trouble }))

function digest(options: Parameters<typeof simulate>[0]): string {
  const simulation = simulate(options)
  const hash = createHash('sha256')
  for (const item of simulation) hash.update(JSON.stringify(item))
  for (const row of simulation.identifierTruth()) hash.update(JSON.stringify(row))
  return hash.digest('hex')
}

const ipOf = ({ message }: Item): string => textOf(message.context['ip']) ?? ''
const personOf = ({ person }: Item): number => Number(person?.slice(1) ?? -1)
const hourOf = ({ receivedAt }: Item): number => Math.floor(receivedAt / 3_600_000)

/** What a page can see of a device, its software's version apart. */
function signatureOf({ message: { context } }: Item): string {
  const { screen, locale, timezone, os, gpu } = context
  return JSON.stringify([screen, locale, timezone, os, gpu])
}

function shareOf<T>(list: readonly T[], holds: (value: T) => boolean): number {
  return list.filter((value) => holds(value)).length / list.length
}

function cookiesOf({ items }: Played): ReadonlyMap<string, Item[]> {
  const byCookie = new Map<string, Item[]>()
  for (const item of items) {
    const { anonymousId } = item.message
    if (anonymousId === undefined || JUNK.has(`cookie:${anonymousId}`)) continue
    const own = byCookie.get(anonymousId)
    if (own === undefined) byCookie.set(anonymousId, [item])
    else own.push(item)
  }
  return byCookie
}

// As with the world of seed 7: a change here changes every measured accuracy, so make it knowingly.
const GOLDEN: Readonly<Record<Exclude<Trouble, 'none'>, string>> = {
  'no-logins': 'd9470162d2483f47',
  'office-only': 'd66d2b4b0f9a9e23',
  'bot-farm': '249a9cd3e978cb8b',
  'lone-logins': '7c4cf5f0d1b88d00',
  impostors: 'd5557d75c7adb7af',
}

test('no trouble is the world without one; each other is a world of its own, the one it was', () => {
  const small = { people: 100, days: 10, seed: 7, hard: true }
  expect(digest({ ...small, trouble: 'none' })).toBe(digest(small))
  const digests = troubles.map((trouble) => [trouble, digest({ ...small, trouble }).slice(0, 16)])
  expect(Object.fromEntries(digests)).toEqual(GOLDEN)
  expect(new Set([digest(small).slice(0, 16), ...Object.values(GOLDEN)]).size).toBe(TROUBLES.length)
})

test.each(troubles)('a world with %s is the same each time', (trouble) => {
  const simulation = simulate({ people: 30, days: 4, seed: 7, trouble })
  expect([...simulation]).toEqual([...simulation])
})

test('a trouble that is none is refused', () => {
  // @ts-expect-error: no such trouble
  expect(() => simulate({ people: 10, trouble: 'rain' })).toThrow(/trouble must be one of none, no/)
})

test.each(troubles)('the smallest worlds with %s work', (trouble) => {
  for (let size = 1; size < 4; size++) {
    for (const hard of [false, true]) {
      expect(() => playWorld({ people: size, hard, trouble, days: 3 })).not.toThrow()
    }
  }
})

describe.each(troubles)('with %s', (trouble) => {
  test.each([false, true])(
    'the truth has every name that occurs and no other, hard: %s',
    (hard) => {
      const { items, truth } = play(trouble, hard)
      const occurring = new Set(items.flatMap(({ message }) => namesOf(message)))
      expect([...occurring].filter((name) => !truth.has(name) && !JUNK.has(name))).toEqual([])
      expect([...truth.keys()].filter((name) => !occurring.has(name))).toEqual([])
    },
  )

  test('in a clean world a message names nobody but its sender', () => {
    const { items, truth } = play(trouble, false)
    for (const { message, person } of items) {
      const owners = new Set(namesOf(message).flatMap((name) => [...(truth.get(name) ?? [])]))
      const [owner = ''] = owners
      expect([owners.size, person === null ? owner.slice(0, 4) : owner]).toEqual([
        1,
        person ?? 'farm',
      ])
    }
  })
})

describe('where nobody signs in', () => {
  test('nobody says who they are, in no way', () => {
    const { items, truth } = play('no-logins')
    expect([...truth.keys()].filter((name) => !name.startsWith('cookie:'))).toEqual([])
    const said = items.filter(({ message }) => {
      const { userId, traits, previousId, groupId, type } = message
      const mail = message.properties?.['email'] ?? message.properties?.['phone']
      const named = [userId ?? mail, traits, previousId, groupId].some(
        (value) => value !== undefined,
      )
      return named || !['page', 'screen', 'track'].includes(type)
    })
    expect(said).toEqual([])
  })

  test('people come as often as ever, to what cookies they have', () => {
    const [plain, mute] = [play('none', false), play('no-logins', false)]
    const browsed = ({ items }: Played) =>
      items.filter(({ message }) => message.type === 'page' || message.type === 'screen').length
    expect(browsed(mute) / browsed(plain)).toBeGreaterThan(0.95)
    expect(cookiesOf(mute).size / cookiesOf(plain).size).toBeGreaterThan(0.95)
  })
})

describe('where all traffic comes from offices', () => {
  test('every visit is at an office, in its hours', () => {
    const { items } = play('office-only', false)
    const browsed = items.filter((item) => ipOf(item) !== '')
    expect(browsed.filter((item) => !ipOf(item).startsWith('63.'))).toEqual([])
    const inHours = shareOf(browsed, (item) => {
      const zone = item.message.context['timezone']
      const offset = PLACES.find(({ timezone }) => timezone === zone)?.offsetHours ?? 0
      const local = new Date(item.receivedAt + offset * 3_600_000)
      const hour = local.getUTCHours()
      return hour >= 9 && hour < 18 && local.getUTCDay() % 6 !== 0
    })
    // some are sent hours later
    expect(inHours).toBeGreaterThan(0.97)
    const untroubled = play('none', false).items.length
    expect(items.length / untroubled).toBeGreaterThan(0.8)
    expect(items.length / untroubled).toBeLessThan(1.25)
  })

  test('colleagues have the same few laptops, and sign in on them all the same', () => {
    const { items } = play('office-only', false)
    const models = new Map<string, Set<string>>()
    const users = new Map<string, Set<string | null>>()
    for (const item of items) {
      const { device, screen, os, timezone } = item.message.context
      if (!JSON.stringify(device ?? null).includes('desktop')) continue
      const ip = ipOf(item)
      const model = JSON.stringify([screen, os, timezone])
      models.set(ip, (models.get(ip) ?? new Set()).add(model))
      const user = `${ip} ${signatureOf(item)}`
      users.set(user, (users.get(user) ?? new Set()).add(item.person))
    }
    const most = Math.max(...[...models.values()].map((set) => set.size))
    expect(most).toBeLessThanOrEqual(DEVICES.corporateModels)
    const sharers = [...users.values()].map((set) => set.size)
    expect(Math.max(...sharers)).toBeGreaterThan(15)
    expect(items.filter(({ message }) => message.event === 'Signed In').length).toBeGreaterThan(50)
    const world = populated('office-only')
    expect(occupationOf(world, people - 1)).toBe('employed')
  })
})

describe('where a farm of scripted browsers comes', () => {
  const isFarms = (world: Played, cookie: string) =>
    [...(world.truth.get(`cookie:${cookie}`) ?? [])].some((person) => person.startsWith('farm'))

  test('it has a third of the cookies, each for one visit, around the clock', () => {
    const world = play('bot-farm', false)
    const cookies = [...cookiesOf(world)]
    const farm = cookies.filter(([cookie]) => isFarms(world, cookie))
    expect(farm.length / cookies.length).toBeGreaterThan(0.25)
    expect(farm.length / cookies.length).toBeLessThan(0.45)
    const hours = Array.from({ length: 24 }, () => 0)
    for (const [, items] of farm) {
      const times = items.filter(({ repeated }) => !repeated).map(({ receivedAt }) => receivedAt)
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(3_600_000)
      const hour = new Date(times[0] ?? 0).getUTCHours()
      hours[hour] = (hours[hour] ?? 0) + 1
    }
    expect(Math.min(...hours)).toBeGreaterThan((0.4 * farm.length) / 24)
  })

  test('all are alike, behind few addresses, of which some are also homes', () => {
    const { items } = play('bot-farm', false)
    const bots = items.filter(({ person }) => person === null)
    expect(new Set(bots.map(signatureOf)).size).toBe(1)
    const addresses = new Set(bots.map(ipOf))
    // a home's address changes now and then
    expect(addresses.size).toBeLessThan(60)
    const shared = items.filter((item) => item.person !== null && addresses.has(ipOf(item)))
    expect(shared.length).toBeGreaterThan(0)
  })

  test('some sign up and return, each account somebody of its own', () => {
    const { items, truth } = play('bot-farm', false)
    const bots = items.filter(({ person }) => person === null)
    const [ups, ins] = ['Signed Up', 'Signed In'].map(
      (event) =>
        bots.filter(({ message, repeated }) => message.event === event && !repeated).length,
    )
    expect(ups).toBeGreaterThan(10)
    expect(ins).toBe((ups ?? 0) * (TROUBLE.farmVisitsPerAccount - 1))
    const mails = [...truth].filter(
      ([name, [owner = '']]) => name.startsWith('email:') && owner.startsWith('farm'),
    )
    expect(mails).toHaveLength(ups ?? 0)
    expect(new Set(mails.map(([, [owner]]) => owner)).size).toBe(mails.length)
  })
})

test('where only those who live alone sign in, families never say who they are', () => {
  const world = populated('lone-logins')
  const { items } = play('lone-logins')
  const named = items.filter(
    (item) =>
      item.person !== null &&
      namesOf(item.message).some((name) => !name.startsWith('cookie:') && !JUNK.has(name)),
  )
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter((item) => !livesAlone(world, personOf(item)))).toEqual([])
  const others = shareOf(
    items,
    (item) => item.person !== null && !livesAlone(world, personOf(item)),
  )
  expect(others).toBeGreaterThan(0.3)
})

describe('where some pass for somebody else', () => {
  const impostors = (world: World) =>
    Array.from({ length: world.people }, (_, person) => person).filter(
      (person) => leaderOf(world, person) !== person,
    )

  test('they are a few per cent, and so are their victims, who are none themselves', () => {
    const world = populated('impostors', 20_000)
    const all = new Set(impostors(world))
    const victims = new Set([...all].map((person) => leaderOf(world, person)))
    for (const share of [all.size / 20_000, victims.size / 20_000]) {
      expect(share).toBeGreaterThan(0.02)
      expect(share).toBeLessThan(0.04)
    }
    expect([...victims].filter((victim) => all.has(victim))).toEqual([])
  })

  test('they come with the signature, from the address and in the hours of the victim', () => {
    const world = populated('impostors', 1_500)
    const { items } = playWorld({ people: world.people, days, trouble: 'impostors' })
    const seen = new Set<string>()
    for (const item of items) {
      const person = personOf(item)
      seen.add(`${person} ${ipOf(item)} ${signatureOf(item)}`)
      // a visit that began in an hour may go on in the next
      for (const hour of [hourOf(item), hourOf(item) + 1]) seen.add(`${person} ${hour}`)
    }
    const copied = items.flatMap((item) => {
      const victim = leaderOf(world, personOf(item))
      return victim === personOf(item) || ipOf(item) === '' ? [] : [{ item, victim }]
    })
    expect(copied.length).toBeGreaterThan(150)
    const alike = shareOf(copied, ({ item, victim }) =>
      seen.has(`${victim} ${ipOf(item)} ${signatureOf(item)}`),
    )
    const together = shareOf(copied, ({ item, victim }) => seen.has(`${victim} ${hourOf(item)}`))
    // but for what the victim does in the app, and what is sent late
    expect(alike).toBeGreaterThan(0.93)
    expect(together).toBeGreaterThan(0.93)
  })

  test('with cookies and, some of them, an account of their own', () => {
    const world = populated('impostors')
    const { truth } = play('impostors', false)
    const all = new Set(impostors(world).map((person) => `p${person}`))
    const own = [...truth].filter(([, [owner = '']]) => all.has(owner))
    const kinds = new Set(own.map(([name]) => name.slice(0, name.indexOf(':'))))
    expect(kinds).toEqual(new Set(['cookie', 'email', 'phone', 'external_id']))
    expect(own.filter(([, owners]) => owners.size > 1)).toEqual([])
    const members = own.filter(([name]) => name.startsWith('external_id:user:'))
    expect(new Set(members.map(([, [owner]]) => owner)).size).toBeLessThan(all.size)
  })
})

// What a simulated world holds: the whole message family, its truth, and the ugly half only if asked.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { beforeAll, describe, expect, test } from 'vitest'

import { JUNK, namesOf, type Played, playWorld, textOf as text } from '../../test/simulated.ts'
import { ALIAS, phoneInUse, phoneOf } from './identity.ts'
import type { Item } from './index.ts'
import { addressOf } from './network.ts'
import { HARD } from './parameters.ts'
import { populate } from './population.ts'

const people = 1500
const startAt = Date.UTC(2026, 2, 2)

const play = (hard: boolean): Played => playWorld({ people, hard, startAt })

let clean: Played
let hard: Played
beforeAll(() => {
  clean = play(false)
  hard = play(true)
})

function count<T>(list: readonly T[], holds: (value: T) => boolean): number {
  return list.filter((value) => holds(value)).length
}

describe('in both worlds', () => {
  test('the whole family of messages appears, with the events of the story', () => {
    for (const { items } of [clean, hard]) {
      const types = new Set(items.map(({ message }) => message.type))
      expect([...types].toSorted()).toEqual([
        'alias',
        'group',
        'identify',
        'page',
        'screen',
        'track',
      ])
      const events = new Set(items.map(({ message }) => message.event))
      for (const event of [
        'Signed In',
        'Signed Up',
        'Signed Out',
        'Product Viewed',
        'Form Submitted',
        'Order Completed',
        'Order Shipped',
        'Invite Sent',
      ]) {
        expect(events).toContain(event)
      }
    }
  })

  test('a message has 700 bytes or more on average and never 32 KB', () => {
    for (const { items } of [clean, hard]) {
      const sizes = items.map(({ message }) => JSON.stringify(message).length)
      const sum = sizes.reduce((total, size) => total + size, 0)
      expect(sum / sizes.length).toBeGreaterThan(700)
      expect(Math.max(...sizes)).toBeLessThan(32_000)
    }
  })

  test('a person causes 25 to 60 messages, and few cause many', () => {
    const each = new Map<string, number>()
    for (const { person } of clean.items) {
      if (person !== null) each.set(person, (each.get(person) ?? 0) + 1)
    }
    const counts = [...each.values()].toSorted((a, b) => b - a)
    expect(clean.items.length / people).toBeGreaterThan(25)
    expect(clean.items.length / people).toBeLessThan(60)
    const top = counts.slice(0, people / 100).reduce((sum, n) => sum + n, 0)
    expect(top / clean.items.length).toBeGreaterThan(0.08)
  })

  test('a fifth or more of the messages bring a new identifier or edge', () => {
    const seen = new Set<string>()
    let fresh = 0
    for (const { message } of clean.items) {
      const names = namesOf(message)
      const ip = text(message.context['ip']) ?? ''
      const size = seen.size
      for (const name of [...names, ip]) seen.add(name)
      for (const name of [...names.slice(1), ip]) seen.add(`${names[0]} ${name}`)
      if (seen.size > size) fresh++
    }
    expect(fresh / clean.items.length).toBeGreaterThan(0.2)
  })

  test('some come late, some from clocks that are wrong', () => {
    const error = ({ message, receivedAt }: Item) => receivedAt - Date.parse(message.sentAt)
    const queued = ({ message }: Item) => Date.parse(message.sentAt) - Date.parse(message.timestamp)
    expect(count(clean.items, (item) => queued(item) > 3_600_000)).toBeGreaterThan(30)
    expect(count(clean.items, (item) => Math.abs(error(item)) > 60_000)).toBeGreaterThan(500)
    expect(count(clean.items, (item) => error(item) < 0)).toBeGreaterThan(200)
    expect(count(clean.items, (item) => queued(item) < 0)).toBe(0)
  })

  test('the truth covers every name that occurs, junk excepted', () => {
    for (const { items, truth } of [clean, hard]) {
      const missing = items
        .flatMap(({ message }) => namesOf(message))
        .filter((name) => !truth.has(name))
      expect(new Set(missing.filter((name) => !JUNK.has(name)))).toEqual(new Set())
    }
  })

  test('and nothing that never occurs', () => {
    for (const { items, truth } of [clean, hard]) {
      const occurring = new Set(items.flatMap(({ message }) => namesOf(message)))
      expect([...truth.keys()].filter((name) => !occurring.has(name))).toEqual([])
    }
  })

  test('numbers are valid, unique and, in the US, of the exchange nobody has', () => {
    const world = populate({ people, seed: 3, days: 60, hard: true, trouble: 'none', startAt })
    const numbers = Array.from({ length: people }, (_, person) =>
      [ALIAS.phone, ALIAS.newPhone].map((alias) => phoneOf(world, person, alias)),
    ).flat()
    const valid = (number: string) => parsePhoneNumberFromString(number)?.isValid() === true
    expect(numbers.filter((number) => !valid(number))).toEqual([])
    expect(numbers.filter((number) => !/^(?:\+1\d{3}555|\+[234])/.test(number))).toEqual([])
    expect(new Set(numbers).size).toBe(2 * people)
  })

  test('two homes never hold one address at a time', () => {
    const world = populate({ people, seed: 3, days: 60, hard: false, trouble: 'none', startAt })
    let strangers = 0
    for (let day = 0; day < 60; day += 7) {
      const holders = new Map<string, number>()
      for (let person = 0; person < people; person++) {
        const ip = addressOf(world, person, person, 'home', startAt + day * 86_400_000, 0.99)
        const household = world.householdOf[person] ?? -1
        if ((holders.get(ip) ?? household) !== household) strangers++
        holders.set(ip, household)
      }
    }
    expect(strangers).toBe(0)
  })
})

describe('a clean world', () => {
  test('names nobody but the sender', () => {
    const wrong = clean.items.flatMap(({ message, person }) =>
      namesOf(message).filter((name) => {
        const owners = clean.truth.get(name)
        return person === null || owners?.size !== 1 || !owners.has(person)
      }),
    )
    expect(wrong).toEqual([])
  })

  test('has no junk, no bots and nothing shared', () => {
    expect(count(clean.items, ({ person }) => person === null)).toBe(0)
    expect(
      count(clean.items, ({ message }) => namesOf(message).some((name) => JUNK.has(name))),
    ).toBe(0)
    expect(count([...clean.truth.values()], (owners) => owners.size > 1)).toBe(0)
  })

  test('shares addresses all the same: homes, offices, carriers', () => {
    const users = new Map<string, Set<string>>()
    for (const { message, person } of clean.items) {
      const ip = text(message.context['ip'])
      if (ip === null || person === null) continue
      users.set(ip, (users.get(ip) ?? new Set()).add(person))
    }
    const sizes = [...users.values()].map((set) => set.size)
    expect(count(sizes, (size) => size === 2)).toBeGreaterThan(100)
    expect(count(sizes, (size) => size > 20)).toBeGreaterThan(5)
    expect(Math.max(...sizes)).toBeGreaterThan(100)
  })
})

describe('a hard world', () => {
  const shared = (prefix: string) =>
    [...hard.truth].filter(([name, owners]) => name.startsWith(prefix) && owners.size > 1)

  test('has cookies of many: kiosk, terminal, hard-coded id; and of two: the family tablet', () => {
    const sizes = shared('cookie:').map(([, owners]) => owners.size)
    expect(count(sizes, (size) => size > 20)).toBeGreaterThanOrEqual(3)
    expect(count(sizes, (size) => size === 2)).toBeGreaterThan(10)
  })

  test('has role, store and couples’ addresses, and landlines', () => {
    const mails = shared('email:').map(([name]) => name)
    expect([...hard.truth.keys()].some((name) => name.startsWith('email:info@'))).toBe(true)
    expect(mails.some((mail) => mail.startsWith('email:store'))).toBe(true)
    expect(mails.some((mail) => !/^email:(info@|store)/.test(mail))).toBe(true)
    expect(shared('phone:').length).toBeGreaterThan(3)
  })

  test('has junk ids and addresses, bots, and names that are somebody else’s', () => {
    const junk = new Set(
      hard.items.flatMap(({ message }) => namesOf(message)).filter((name) => JUNK.has(name)),
    )
    expect(junk.size).toBeGreaterThan(20)
    const hits = hard.items.filter(({ person }) => person === null)
    expect(new Set(hits.map(({ message }) => message.anonymousId)).size).toBeGreaterThan(1000)
    const foreign = hard.items.filter(({ message, person }) =>
      namesOf(message).some(
        (name) => person !== null && hard.truth.get(name)?.has(person) === false,
      ),
    )
    expect(foreign.length).toBeGreaterThan(0)
  })

  test('hands a given-up number to somebody else, but only after it has aged', () => {
    const world = populate({
      people: 5000,
      hard: true,
      days: 150,
      seed: 1,
      trouble: 'none',
      startAt,
    })
    const persons = Array.from({ length: 5000 }, (_, person) => person)
    const inUse = (day: number) =>
      persons.map((person) => phoneOf(world, person, phoneInUse(world, person, day)))
    const first = new Map(inUse(0).map((number, person) => [number, person]))
    const holders = inUse(149)
    const taken = persons.filter(
      (person) => (first.get(holders[person] ?? '') ?? person) !== person,
    )
    expect(taken.length).toBeGreaterThan(20)
    for (let day = 0; day < 150; day += 10) expect(new Set(inUse(day)).size).toBe(5000)
    expect(
      inUse(HARD.phoneAgeingDays - 1).filter(
        (number, person) => first.get(number) !== person && first.has(number),
      ),
    ).toEqual([])
  })
})

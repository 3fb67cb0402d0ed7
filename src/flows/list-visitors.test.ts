// Who was heard of last: pages of any size say together what is there, each profile once, with its latest message.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { type Arrivals, arrived, keyOf } from '../../test/flows/arrived.ts'
import { login, page, type Sent } from '../../test/scenarios/messages.ts'
import type { ProfileOutline } from '../core/profile/explain/outline.ts'
import type { LookUpParts } from './look-up.ts'
import {
  listVisitors,
  outlinesIn,
  SAME_MOMENT_MESSAGES_MAX,
  VISITORS_LOOKED_AT_MAX,
  type Visitor,
  type VisitorPlace,
} from './list-visitors.ts'

interface Walk {
  readonly visitors: readonly Visitor[]
  readonly pages: readonly number[]
}

async function walked(
  parts: LookUpParts,
  limit: number,
  isWanted: (profile: ProfileOutline) => boolean = () => true,
): Promise<Walk> {
  const visitors: Visitor[] = []
  const pages: number[] = []
  let from: VisitorPlace | null = null
  do {
    const found = await listVisitors(parts, { limit, from, isWanted })
    expect(found.visitors.length).toBeLessThanOrEqual(limit)
    visitors.push(...found.visitors)
    pages.push(found.visitors.length)
    from = found.next
  } while (from !== null)
  return { visitors, pages }
}

const ids = ({ visitors }: Walk): readonly string[] => visitors.map(({ fact }) => fact.id)

test('a profile comes once, with its latest message, the last one heard of first', async () => {
  const parts = await arrived([
    [1, page('c-1')],
    [2, page('c-2')],
    [3, login('c-3', 'ana@home.example')],
    [4, page('c-1')],
    [5, login('c-4', 'ana@home.example')],
    [6, page('c-3')],
    // What comes late counts by when it was.
    [0, page('c-2')],
  ])
  expect(ids(await walked(parts, 10))).toEqual(['5', '3', '1'])
  expect((await walked(parts, 1)).pages).toEqual([1, 1, 1])
  const [ana] = (await walked(parts, 10)).visitors
  const byType = new Map([
    ['cookie', 2],
    ['email', 1],
  ])
  expect(ana?.profile).toMatchObject({ size: 3, byType })
  const alone = await walked(parts, 1, ({ kind }) => kind === 'anonymous')
  expect(ids(alone)).toEqual(['3', '1'])
})

test('a page may end within a message; the next goes on with whoever else it names', async () => {
  // Each of them on one kiosk, which is shared by then.
  const parts = await arrived([
    [1, login('kiosk', 'ana@home.example')],
    [0, login('kiosk', 'dan@home.example')],
    [0, login('kiosk', 'cleo@home.example')],
  ])
  const all = ids(await walked(parts, 10))
  expect(all.toSorted()).toEqual(['0', '0', '1', '2'])
  expect(ids(await walked(parts, 1))).toEqual(all)
})

test('one who is heard of between two pages, or joined to somebody, is on no later page again', async () => {
  const parts = await arrived([
    [1, page('c-1')],
    [2, page('c-2')],
    [3, login('c-3', 'ana@home.example')],
  ])
  const first = await listVisitors(parts, { limit: 1, from: null, isWanted: () => true })
  expect(first.visitors.map(({ fact }) => fact.id)).toEqual(['2'])
  const later = await arrived([
    [1, page('c-1')],
    [2, page('c-2')],
    [3, login('c-3', 'ana@home.example')],
    [4, login('c-2', 'ana@home.example')],
  ])
  const second = await listVisitors(later, { limit: 5, from: first.next, isWanted: () => true })
  expect(second.visitors.map(({ fact }) => fact.id)).toEqual(['0'])
})

test('who goes through all of it leaves no more in memory than a resolver may keep', async () => {
  const visitors = Array.from({ length: 100 }, (_, n): Arrivals[number] => [n, page(`c-${n}`)])
  const parts = await arrived(visitors, { viewNodesMax: 30 })
  expect((await walked(parts, 10)).visitors).toHaveLength(visitors.length)
  expect(await parts.resolver.look([], (view) => view.size)).toBeLessThanOrEqual(30)
})

test('of the very same moment a message counts once, as far behind a page as is looked', async () => {
  const apart = (others: number): Promise<LookUpParts> =>
    arrived([
      [5, page('c-1')],
      ...Array.from({ length: others }, (): Arrivals[number] => [1, page('c-2')]),
      [5, page('c-1')],
    ])
  const isWanted = ({ byType }: ProfileOutline): boolean => byType.get('cookie') === 1
  const times = async (others: number): Promise<number> => {
    const parts = await apart(others)
    const first = await listVisitors(parts, { limit: 1, from: null, isWanted })
    const from = { position: 1, identifier: 0 }
    const last = await listVisitors(parts, { limit: 1, from, isWanted })
    return first.visitors.length + last.visitors.length
  }
  expect(await times(SAME_MOMENT_MESSAGES_MAX - 1)).toBe(1)
  expect(await times(SAME_MOMENT_MESSAGES_MAX)).toBe(2)
})

test('a page looks at so many messages and no more, and says where to go on', async () => {
  const others = VISITORS_LOOKED_AT_MAX
  const parts = await arrived([
    [1, login('c-1', 'ana@home.example')],
    ...Array.from({ length: others }, (): Arrivals[number] => [2, page('c-2')]),
  ])
  const isWanted = ({ kind }: ProfileOutline): boolean => kind === 'person'
  expect((await walked(parts, 10, isWanted)).pages).toEqual([0, 1])
})

const NAMES = ['c-1', 'c-2', 'c-3', 'c-4', 'kiosk']
const EMAILS = ['ana@home.example', 'ben@home.example', 'cleo@home.example', 'dan@home.example']

const sent: fc.Arbitrary<Sent> = fc.oneof(
  fc.constantFrom(...NAMES).map((cookie) => page(cookie)),
  fc
    .tuple(fc.constantFrom(...NAMES), fc.constantFrom(...EMAILS))
    .map(([cookie, email]) => login(cookie, email)),
)

/** Every profile by the message that says so itself: the latest of all that name a member of it. */
async function latestOf({ log, resolver }: LookUpParts): Promise<ReadonlyMap<string, string>> {
  const keys = [
    ...NAMES.map((name) => keyOf(`cookie:${name}`)),
    ...EMAILS.map((email) => keyOf(`email:${email}`)),
  ]
  const outlines = await resolver.look(keys, (view) => outlinesIn(view, keys))
  const latest = new Map<string, { at: number; id: string }>()
  for (const record of await log.read(1, log.end())) {
    if (record.kind !== 'message') continue
    const { at, id, identifiers } = record.fact
    for (const { key } of identifiers) {
      const profile = outlines.get(key)?.id
      if (profile === undefined || at < (latest.get(profile)?.at ?? at)) continue
      latest.set(profile, { at, id })
    }
  }
  return new Map([...latest].map(([profile, { id }]) => [profile, id]))
}

test('pages of any size give every profile once, also where times are the same', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), sent), { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      async (arrivals, limit) => {
        const parts = await arrived(arrivals)
        const { visitors } = await walked(parts, limit)
        const given = visitors.map(({ profile, fact }) => [profile.id, fact.id] as const)
        const latest = await latestOf(parts)
        expect(new Map(given)).toEqual(latest)
        expect(given.length).toBe(latest.size)
        const places = given.map(([, id]) => Number(id))
        expect(places).toEqual(places.toSorted((a, b) => b - a))
      },
    ),
  ))

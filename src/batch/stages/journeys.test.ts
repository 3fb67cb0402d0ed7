// Journeys over random worlds: what the SQL says is what plain TypeScript says, and no credit is lost or made.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { apart, messageOf } from '../../../test/batch/engine.ts'
import { grouped, type Journeys, journeysOf, type Row } from '../../../test/batch/journeys.ts'
import { referenceJourneys } from '../../../test/batch/journeys-reference.ts'
import { settingsOf } from '../../../test/extraction.ts'
import { smallPolicy, smallWorld } from '../../../test/worlds/small-world.ts'
import { CHANNELS } from '../channels.ts'

/** Worlds of one log: a run costs more than a world. */
const WORLDS = 25

const PAGES = [
  'https://www.shop.example/',
  'https://www.shop.example/a',
  'https://help.shop.example/?q=1',
  'https://shop.co.uk/b',
  'http://10.0.0.1:8080/x',
  'http://localhost:3000/?x=1',
  'not a url',
  '',
]
const QUERIES = [
  'utm_source=google&utm_medium=cpc&utm_campaign=spring',
  'utm_source=Google&utm_medium=CPC&utm_campaign=spring',
  'utm_source=newsletter&utm_medium=E_Mail&utm_campaign=%C3%A4pfel+und%20birnen&utm_term=a&utm_content=b',
  'utm_source=facebook.com&utm_medium=paid',
  'UTM_Source=fb&utm_medium=organic',
  'utm_source=bad%ff&utm_medium=',
  'utm_source=%20',
  'utm_source=partner.example&utm_medium=odd',
  'utm_source=pay.example&utm_medium=odd',
  'utm_medium=banner#utm_source=late',
  'utm_medium=(none)',
  'gclid=Ab1',
  'gclid=Ab2&fbclid=x',
  'gclid=&ScCid=Q',
  'fbclid=F1&utm_source=instagram&utm_medium=strange',
  'x=1&msclkid=m%20m',
]
const REFERRERS = [
  null,
  '',
  'https://www.google.co.uk/search?q=shoes',
  'https://mail.google.com/',
  'https://a.b.c.mail.yahoo.com/',
  'https://L.Facebook.com/',
  'android-app://com.google.android.gm/',
  'https://shop.example/',
  'https://blog.shop.example/post',
  'https://secure.pay.example/done',
  'https://partner.example/list',
  'https://other.co.uk/',
  'http://10.9.0.1/',
  'about:blank',
  'https://chatgpt.com/',
]
const CAMPAIGNS = [
  { source: 'google', medium: 'cpc', name: 'spring' },
  { source: 'google', medium: 'cpc', name: 'spring', content: 'red' },
  { source: '', medium: ' ', name: '' },
  { term: 'only' },
  { source: ' klaviyo ', medium: 'flow' },
  { name: 'nameless' },
]
const NAMES = [
  'Viewed',
  'Viewed',
  'order_completed',
  ' Order \u00a0-_Completed ',
  'LEAD',
  'Trial',
  'Sign Up',
]

/** Usually nothing, often the first, so that it comes again. */
const seldom = <T>(usual: T, [often, ...others]: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 2 },
    { arbitrary: fc.constant(often ?? usual), weight: 1 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  )

const said = fc.record({
  page: fc.constantFrom(...PAGES),
  query: seldom('', QUERIES),
  referrer: fc.constantFrom(...REFERRERS),
  campaign: seldom(undefined, CAMPAIGNS),
  name: fc.constantFrom(...NAMES),
  type: fc.constantFrom('track' as const, 'track' as const, 'page' as const),
  revenue: fc.constantFrom(undefined, 0, 12.5, -3, 'x', '7.25', 'NaN', 1e300),
  currency: fc.constantFrom(undefined, 'eur', ' usd ', ''),
  day: fc.constantFrom(1, 1, 1, 8, 9),
  minute: fc.constantFrom(0, 0, 1, 5, 20, 29, 31, 60, 90),
})

const settings = settingsOf({
  conversions: { Trial: 25, 'Sign-Up': 'none', ' ORDER completed': 'revenue' },
  attribution: { lookbackDays: 7, ownHosts: ['pay.example'] },
})

type Said = typeof said extends fc.Arbitrary<infer T> ? T : never

const DAY_0 = Date.UTC(2026, 0, 1)

/** Facts of worlds with what their messages say, at few times, so that there are long sessions, and ties. */
const worlds = fc
  .array(fc.array(fc.tuple(smallWorld, fc.infiniteStream(said)), { minLength: 1, maxLength: 1 }), {
    minLength: 1,
    maxLength: WORLDS,
  })
  .map((drawn) =>
    drawn.flat().flatMap(([world, says], i) =>
      apart(i, world).map((fact) => {
        const { page, query, referrer, campaign, name, type, revenue, currency, day, minute } =
          says.next().value as Said
        const url = query === '' ? page : `${page}${page.includes('?') ? '&' : '?'}${query}`
        const raw = {
          context: { page: { url, referrer }, campaign },
          properties: { revenue, currency },
        }
        const at = DAY_0 + day * 86_400_000 + minute * 60_000
        return {
          ...messageOf({ ...fact, at, name, type }),
          raw: JSON.stringify(raw),
        }
      }),
    ),
  )

const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((total, row) => total + (row[column] as number), 0)

function expectWhole({ events, session, touchpoint, conversion, credit }: Journeys): void {
  const inSessions = events.filter((event) => event.session !== null)
  expect(sum(session, 'events')).toBe(inSessions.length)
  expect(inSessions).toHaveLength(events.filter((event) => event.cookie !== null).length)
  expect(touchpoint.filter((touch) => touch['entry'] === true)).toHaveLength(session.length)
  expect(sum(session, 'touchpoints')).toBe(touchpoint.length)
  for (const { channel } of touchpoint) expect(CHANNELS).toContain(channel)
  const byConversion = grouped(credit, (row) => row['conversion'])
  for (const { position, grp, session: within } of conversion)
    expect(byConversion.has(position)).toBe(
      grp !== null && (within !== null || byConversion.has(position)),
    )
  const positions = new Set(conversion.map(({ position }) => position))
  for (const [position, shares] of byConversion) {
    expect(positions).toContain(position)
    for (const model of ['first_touch', 'last_touch', 'linear', 'position_based'])
      expect(Math.abs(sum(shares, model) - 1)).toBeLessThan(1e-9)
  }
}

test('journeys are what one event after another says', { timeout: 600_000 }, async () => {
  const runs = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / WORLDS)
  const policy = smallPolicy(0.85)
  await expectAsReferenced(policy, { numRuns: runs })
})

test('a text that is none among texts to be decoded leaves the others decoded', async () => {
  await expectAsReferenced(smallPolicy(0.85), { numRuns: 1, seed: -1_234_951_149, path: '0' })
})

async function expectAsReferenced(
  policy: ReturnType<typeof smallPolicy>,
  runs: fc.Parameters<unknown>,
): Promise<void> {
  const property = fc.asyncProperty(worlds, async (records) => {
    const made = await journeysOf(records, policy, settings)
    expectWhole(made)
    const { session, touchpoint, conversion, credit } = referenceJourneys(made.events, settings)
    expect(made.touchpoint).toEqual(touchpoint)
    expect(made.session).toEqual(session)
    expect(made.conversion).toEqual(
      conversion.map((row) => ({ ...row, value: held(row['value']) })),
    )
    expect(made.credit).toEqual(credit.map(expectClose))
  })
  await fc.assert(property, runs)
}

/** A revenue that is no amount is none. */
const held = (value: unknown): unknown =>
  typeof value === 'number' && Math.abs(value) <= 1e15 ? value : null

const expectClose = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isInteger(value) ? expect.closeTo(value, 12) : value,
    ]),
  )

// Stories of conversions: who gets credit, over devices, after silence, on a kiosk.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { messageOf } from '../../../test/batch/engine.ts'
import { type Journeys, journeysOf } from '../../../test/batch/journeys.ts'
import { extracted, extractionOf, settingsOf, sha256 } from '../../../test/extraction.ts'
import { compilePolicy } from '../../core/policy/compile-policy.ts'

const START = Date.UTC(2026, 0, 1, 12)
const SHOP = 'https://www.shop.example'

interface Told {
  /** Minutes after the start. */
  readonly at: number
  readonly on?: string
  readonly user?: string
  readonly event?: string
  readonly url?: string
  readonly referrer?: string
  readonly properties?: object
}

const HOUR = 60
const DAY = 24 * HOUR

async function journeys(told: readonly Told[], configuration: object = {}): Promise<Journeys> {
  const settings = settingsOf(configuration)
  const extraction = extractionOf(configuration)
  const records = told.map(({ at, on, user, event, url, referrer, properties }, i) => {
    const raw = {
      type: event === undefined ? 'page' : 'track',
      event,
      messageId: `m${i}`,
      anonymousId: on,
      userId: user,
      timestamp: new Date(START + at * 60_000).toISOString(),
      properties,
      context: { page: { url: url ?? `${SHOP}/`, referrer } },
    }
    const { fact } = extracted(raw, extraction)
    return { ...messageOf(fact), raw: JSON.stringify(raw) }
  })
  return journeysOf(records, compilePolicy(settings, sha256), settings)
}

/** `message channel first last linear position` of each share, by conversion. */
function sharesIn({ credit, touchpoint, events }: Journeys): readonly string[] {
  const idOf = new Map(events.map(({ position, id }) => [position, id]))
  const channelOf = new Map(touchpoint.map((touch) => [touch['position'], touch['channel']]))
  return credit.map((row) => {
    const models = ['first_touch', 'last_touch', 'linear', 'position_based']
    const shares = models.map((model) => Math.round((row[model] as number) * 1000) / 1000)
    const names = [row['conversion'], row['touchpoint']].map((p) => idOf.get(p as number))
    return `${names.join('<')} ${String(channelOf.get(row['touchpoint']))} ${shares.join(' ')}`
  })
}

const AD = `${SHOP}/?gclid=Cj0K`
const MAIL = `${SHOP}/?utm_source=newsletter&utm_medium=email`

test('an ad clicked on the phone gets credit for the order on the laptop', async () => {
  const made = await journeys([
    { at: 0, on: 'phone', url: AD },
    { at: 1, on: 'phone', user: 'ana' },
    { at: DAY, on: 'laptop', user: 'ana' },
    {
      at: DAY + 5,
      on: 'laptop',
      event: 'Order Completed',
      properties: { revenue: 80, currency: 'eur' },
    },
  ])
  expect(sharesIn(made)).toEqual(['m3<m0 paid_search 1 1 0.5 0.5', 'm3<m2 direct 0 0 0.5 0.5'])
  expect(made.conversion).toMatchObject([{ name: 'Order Completed', value: 80, currency: 'EUR' }])
  expect(made.session).toMatchObject([
    { events: 2, conversions: 0, channel: 'paid_search', click: 'gclid', entry_url: AD },
    { events: 2, conversions: 1, channel: 'direct' },
  ])
})

test('the example of the guide, under its configuration', async () => {
  const guide = readFileSync(new URL('../../../docs/journeys.md', import.meta.url), 'utf8')
  const configuration = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? '') as object
  const made = await journeys(
    [
      { at: 0, on: 'phone', url: AD },
      { at: 1, on: 'phone', user: 'ana' },
      { at: 2 * DAY, on: 'phone', url: MAIL },
      { at: 3 * DAY, on: 'laptop' },
      { at: 3 * DAY + 1, on: 'laptop', user: 'ana' },
      { at: 3 * DAY + 2, on: 'laptop', event: 'Order Completed', properties: { revenue: 80 } },
      { at: 3 * DAY + 3, event: 'trial_started', user: 'ben' },
      { at: 3 * DAY + 3, event: 'Form Submitted', user: 'ben' },
    ],
    configuration,
  )
  expect(sharesIn(made)).toEqual([
    'm5<m0 paid_search 1 0 0.333 0.4',
    'm5<m2 email 0 1 0.333 0.2',
    'm5<m3 direct 0 0 0.333 0.4',
  ])
  expect(made.conversion.map(({ value }) => value)).toEqual([80, 25])
})

test('without a login the laptop is somebody else', async () => {
  const made = await journeys([
    { at: 0, on: 'phone', url: AD },
    { at: DAY, on: 'laptop', event: 'Order Completed' },
  ])
  expect(sharesIn(made)).toEqual(['m1<m1 direct 1 1 1 1'])
})

test('a direct visit takes nothing from the campaign before it, until that is too long ago', async () => {
  const made = await journeys([
    { at: 0, on: 'desk', url: MAIL },
    { at: 2 * DAY, on: 'desk' },
    { at: 2 * DAY + 1, on: 'desk', event: 'Order Completed' },
    { at: 30 * DAY, on: 'desk', event: 'Lead' },
    { at: 30 * DAY + 1, on: 'desk', event: 'Lead' },
  ])
  expect(sharesIn(made)).toEqual([
    'm2<m0 email 1 1 0.5 0.5',
    'm2<m1 direct 0 0 0.5 0.5',
    'm3<m0 email 1 1 0.333 0.4',
    'm3<m1 direct 0 0 0.333 0.2',
    'm3<m3 direct 0 0 0.333 0.4',
    'm4<m1 direct 1 0 0.5 0.5',
    'm4<m3 direct 0 1 0.5 0.5',
  ])
})

test('pages of the shop and of the payment bring nobody', async () => {
  const own = { attribution: { ownHosts: ['pay.example'] } }
  const made = await journeys(
    [
      { at: 0, on: 'desk', referrer: 'https://www.google.com/' },
      { at: HOUR, on: 'desk', referrer: `${SHOP}/cart` },
      { at: 2 * HOUR, on: 'desk', referrer: 'https://secure.pay.example/' },
      {
        at: 2 * HOUR + 1,
        on: 'desk',
        event: 'Order Completed',
        referrer: 'https://partner.example/',
      },
    ],
    own,
  )
  expect(sharesIn(made)).toEqual([
    'm3<m0 organic_search 1 1 0.333 0.4',
    'm3<m1 direct 0 0 0.333 0.2',
    'm3<m2 direct 0 0 0.333 0.4',
  ])
})

test('a second campaign in a session is a touchpoint, the same one again is not', async () => {
  const made = await journeys([
    { at: 0, on: 'desk', url: AD },
    { at: 1, on: 'desk', url: AD },
    { at: 2, on: 'desk' },
    { at: 3, on: 'desk', url: MAIL },
    { at: 4, on: 'desk', url: AD },
    { at: 5, on: 'desk', event: 'Order Completed' },
  ])
  expect(sharesIn(made)).toEqual(['m5<m0 paid_search 1 0 0.5 0.5', 'm5<m3 email 0 1 0.5 0.5'])
  expect(made.session).toMatchObject([{ touchpoints: 2, events: 6 }])
})

test('what nobody did on a kiosk brings nobody an order; what they did themselves does', async () => {
  const kiosk = (at: number, rest: Partial<Told>): Told => ({ at, on: 'kiosk', ...rest })
  const made = await journeys(
    [
      ...['ana', 'ben', 'cem'].map((user, i) => kiosk(i * HOUR, { user })),
      kiosk(5 * HOUR, { url: AD }),
      kiosk(6 * HOUR, { url: MAIL, user: 'ana' }),
      kiosk(6 * HOUR + 1, { event: 'Order Completed' }),
      kiosk(9 * HOUR, { event: 'Lead' }),
    ],
    { guards: { namedPerCookieMax: 2 } },
  )
  expect(sharesIn(made)).toEqual(['m5<m0 direct 1 0 0.5 0.5', 'm5<m4 email 0 1 0.5 0.5'])
  const nobody = made.events.filter(({ grp }) => grp === null).map(({ id }) => id)
  expect(nobody).toEqual(['m3', 'm6'])
  expect(made.conversion).toMatchObject([{ grp: expect.any(Number) as number }, { grp: null }])
})

test('an order told by a server has no session, and its credit', async () => {
  const made = await journeys([
    { at: 0, on: 'phone', url: MAIL, user: 'ana' },
    { at: 9, user: 'ana', event: 'order_completed', properties: { total: '12.50' } },
    { at: 10, user: 'ben', event: 'order_completed' },
  ])
  expect(sharesIn(made)).toEqual(['m1<m0 email 1 1 1 1'])
  expect(made.conversion).toMatchObject([
    { session: null, value: 12.5, currency: null },
    { session: null, value: null },
  ])
})

test('of one moment, what is earlier in the log came before', async () => {
  const made = await journeys([
    { at: 0, on: 'desk', url: MAIL, user: 'ana' },
    { at: 0, user: 'ana', event: 'Order Completed' },
    { at: 0, on: 'tablet', url: AD, user: 'ana' },
  ])
  expect(sharesIn(made)).toEqual(['m1<m0 email 1 1 1 1'])
})

test('of very many touchpoints the last ones get the credit', { timeout: 60_000 }, async () => {
  const visits = Array.from({ length: 520 }, (_, i) => ({ at: i * 45, on: 'desk' }))
  const made = await journeys([...visits, { at: 520 * 45, event: 'Lead', on: 'desk' }])
  expect(made.credit).toHaveLength(500)
  expect(made.credit.at(0)).toMatchObject({ nth: 1, touchpoints: 500, first_touch: 1 })
  for (const model of ['first_touch', 'last_touch', 'linear', 'position_based']) {
    const sum = made.credit.reduce((total, row) => total + (row[model] as number), 0)
    expect(Math.abs(sum - 1)).toBeLessThan(1e-9)
  }
})

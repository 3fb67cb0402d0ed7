// What contexts as they come from browsers, apps and servers tell; that nothing else tells anything; and that no contact does.
import { expect, test } from 'vitest'

import { extracted, extractionOf } from '../../../test/extraction.ts'
import { redactContacts } from '../identifier/redact-contacts.ts'
import { clueOfText, kindOfClue, nameOfClue, NO_CLUES, type ClueKind, type Clues } from './clue.ts'

const extraction = extractionOf()

/** Without the site, which every message tells. */
function clues(message: Record<string, unknown>): Clues {
  const { fact } = extracted({ type: 'page', anonymousId: 'c-1', ...message }, extraction)
  return fact.clues.filter((clue) => kindOfClue(clue) !== 'site')
}

const ofContext = (context: Record<string, unknown>): Clues => clues({ context })

/** Device, system and browser, as far as told. */
function sender(context: Record<string, unknown>): string {
  const words = (kind: ClueKind) =>
    [...ofContext(context)].filter((one) => kindOfClue(one) === kind).map((one) => nameOfClue(one))
  const [device, system, browser] = [words('device'), words('system'), words('browser')]
  return [device, system, browser].map((told) => told.join('+') || '-').join(' ')
}

const MOZILLA = 'Mozilla/5.0'
const KIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [
    'phone ios safari',
    `(iPhone; CPU iPhone OS 18_3 like Mac OS X) ${KIT} Version/18.3 Mobile/15E148 Safari/604.1`,
  ],
  [
    'phone ios chrome',
    `(iPhone; CPU iPhone OS 18_3 like Mac OS X) ${KIT} CriOS/144.0.0.0 Mobile/15E148 Safari/604.1`,
  ],
  [
    'phone ios firefox',
    `(iPhone; CPU iPhone OS 18_3 like Mac OS X) ${KIT} FxiOS/147.0 Mobile/15E148 Safari/605.1.15`,
  ],
  [
    'phone ios edge',
    `(iPhone; CPU iPhone OS 18_3 like Mac OS X) ${KIT} EdgiOS/144.0 Version/18.3 Mobile/15E148 Safari/604.1`,
  ],
  [
    'phone ios other',
    `(iPhone; CPU iPhone OS 18_3 like Mac OS X) ${KIT} Mobile/22D63 [FBAN/FBIOS;FBAV/500.0;FBDV/iPhone15,2]`,
  ],
  [
    'tablet ios safari',
    `(iPad; CPU OS 16_7 like Mac OS X) ${KIT} Version/16.6 Mobile/15E148 Safari/604.1`,
  ],
  [
    'computer macos safari',
    `(Macintosh; Intel Mac OS X 10_15_7) ${KIT} Version/18.3 Safari/605.1.15`,
  ],
  [
    'computer macos firefox',
    '(Macintosh; Intel Mac OS X 10.15; rv:147.0) Gecko/20100101 Firefox/147.0',
  ],
  [
    'computer windows chrome',
    `(Windows NT 10.0; Win64; x64) ${BLINK} Chrome/144.0.0.0 Safari/537.36`,
  ],
  [
    'computer windows edge',
    `(Windows NT 10.0; Win64; x64) ${BLINK} Chrome/144.0.0.0 Safari/537.36 Edg/144.0.0.0`,
  ],
  [
    'computer windows opera',
    `(Windows NT 10.0; Win64; x64) ${BLINK} Chrome/143.0.0.0 Safari/537.36 OPR/128.0.0.0`,
  ],
  ['computer linux firefox', '(X11; Ubuntu; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0'],
  [
    'computer chromeos chrome',
    `(X11; CrOS x86_64 14541.0.0) ${BLINK} Chrome/144.0.0.0 Safari/537.36`,
  ],
  ['phone android chrome', `(Linux; Android 10; K) ${BLINK} Chrome/144.0.0.0 Mobile Safari/537.36`],
  ['tablet android chrome', `(Linux; Android 10; K) ${BLINK} Chrome/144.0.0.0 Safari/537.36`],
  [
    'phone android samsung',
    `(Linux; Android 10; K) ${BLINK} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
  ],
  [
    'phone android edge',
    `(Linux; Android 10; K) ${BLINK} Chrome/144.0.0.0 Mobile Safari/537.36 EdgA/144.0.0.0`,
  ],
  ['phone android firefox', '(Android 15; Mobile; rv:147.0) Gecko/147.0 Firefox/147.0'],
  ['tablet android firefox', '(Android 15; Tablet; rv:147.0) Gecko/147.0 Firefox/147.0'],
  [
    'phone android other',
    `(Linux; Android 15; SM-S921B Build/AP3A; wv) ${BLINK} Version/4.0 Chrome/144.0.0.0 Mobile Safari/537.36`,
  ],
  [
    'other android chrome',
    `(Linux; Android 12; AFTR Build/PS7624) ${BLINK} Chrome/120.0.0.0 Safari/537.36`,
  ],
  ['other linux other', '(SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 SamsungTV/7.0 TV'],
])('%s: by the user agent %s', (words, rest) => {
  expect(sender({ userAgent: `${MOZILLA} ${rest}` })).toBe(words)
})

const chromium = (brand: string, mobile: boolean, platform: string) => ({
  userAgentData: {
    brands: [
      { brand: 'Not=A?Brand', version: '24' },
      { brand: 'Chromium', version: '144' },
      { brand, version: '144' },
    ],
    mobile,
    platform,
  },
})

test.each<[words: string, what: string, context: Record<string, unknown>]>([
  ['phone android chrome', 'hints', chromium('Google Chrome', true, 'Android')],
  ['tablet android samsung', 'hints of a tablet', chromium('Samsung Internet', false, 'Android')],
  ['computer windows edge', 'hints', chromium('Microsoft Edge', false, 'Windows')],
  ['computer linux other', 'hints of a browser nobody knows', chromium('Brave', false, 'Linux')],
  ['computer macos -', 'hints without a browser', chromium('Chromium', false, 'macOS')],
  [
    'computer macos chrome',
    'hints without a browser, beside a user agent',
    {
      ...chromium('Chromium', false, 'macOS'),
      userAgent: `${MOZILLA} ${BLINK} Chrome/144.0 Safari/537.36`,
    },
  ],
  [
    'phone ios app',
    'an app of an iPhone',
    {
      app: { name: 'Shop', version: '5.1' },
      device: { type: 'ios', model: 'iPhone15,2', manufacturer: 'Apple' },
      os: { name: 'iOS', version: '18.3' },
      userAgent: 'Shop/5.12 CFNetwork/1568 Darwin/24.3.0',
    },
  ],
  [
    'tablet ios app',
    'an iPad by its model',
    { app: { name: 'Shop' }, os: { name: 'iPadOS' }, device: { type: 'ios', model: 'iPad13,18' } },
  ],
  [
    'tablet - app',
    'an iPad by its screen',
    { app: { name: 'Shop' }, device: { type: 'iOS' }, screen: { width: 820, height: 1180 } },
  ],
  [
    'phone - app',
    'an iPhone by its screen',
    {
      app: { name: 'Shop' },
      device: { type: 'ios' },
      screen: { width: 844, height: 390, density: 3 },
    },
  ],
  [
    'phone - app',
    'an iOS device of which no more is told',
    { app: { name: 'Shop' }, device: { type: 'ios' } },
  ],
  [
    'phone android app',
    'an app of an Android phone',
    {
      app: { name: 'Shop' },
      device: { type: 'android', model: 'Pixel 8' },
      os: { name: 'Android' },
      screen: { width: 1080, height: 2400, density: 2.625 },
      userAgent: 'okhttp/4.12.0',
    },
  ],
  [
    'tablet android app',
    'an Android tablet',
    {
      app: { name: 'Shop' },
      device: { type: 'android' },
      os: { name: 'Android' },
      screen: { width: 1600, height: 2560, density: 2 },
    },
  ],
  ['computer - -', 'a word for it', { device: { type: 'Desktop' } }],
  ['other - -', 'a television', { device: { type: 'tv' } }],
  [
    'tablet ios safari',
    'a word before a user agent',
    {
      device: { type: 'tablet' },
      userAgent: `${MOZILLA} (iPhone; CPU iPhone OS 18_3) ${KIT} Version/18 Mobile Safari/604.1`,
    },
  ],
  [
    'phone ios safari',
    'a word that says nothing',
    {
      device: { type: 'unknown' },
      userAgent: `${MOZILLA} (iPhone; CPU iPhone OS 18_3) ${KIT} Version/18 Mobile Safari/604.1`,
    },
  ],
  ['- - -', 'a server', { library: { name: 'analytics-node' }, userAgent: 'python-requests/2.32' }],
  [
    '- - -',
    'wrong types',
    {
      device: { type: 7 },
      app: {},
      os: [],
      userAgentData: { mobile: 'yes', brands: [1, null, {}] },
      userAgent: {},
    },
  ],
  ['- - -', 'nothing', {}],
])('%s: %s', (words, _what, context) => {
  expect(sender(context)).toBe(words)
})

const has = (told: Clues, kind: ClueKind, text: string): boolean =>
  told.includes(clueOfText(kind, text))

test('language, zone and region', () => {
  const told = ofContext({
    locale: 'de-DE',
    timezone: 'Europe/Berlin',
    location: { country: 'Germany', region: 'Berlin', city: 'Berlin', latitude: 52 },
  })
  expect(told).toHaveLength(3)
  expect(has(told, 'language', 'de-de')).toBe(true)
  expect(has(told, 'zone', 'Europe/Berlin')).toBe(true)
  expect(ofContext({ locale: 'de_DE' })).toEqual(ofContext({ locale: ' de-de ' }))
  const place = { country: 'germany', state: 'Berlin ', city: 'berlin' }
  expect([...ofContext({ location: place })]).toEqual(Array.from(told.subarray(2)))
  expect(ofContext({ location: { country: 'Germany' } })).not.toEqual(
    ofContext({ location: place }),
  )
  expect(ofContext({ locale: ' ', timezone: '', location: { country: '', city: 7 } })).toEqual(
    NO_CLUES,
  )
  expect(ofContext({ locale: 7, timezone: [], location: 'Berlin' })).toEqual(NO_CLUES)
})

const URL = 'https://Shop.example:8443/shoes/red?size=9#top'

test('pages, and the way from one to the next within a host', () => {
  const told = ofContext({ page: { url: URL, referrer: 'https://shop.example/shoes?q=1' } })
  expect(told).toHaveLength(2)
  expect(has(told, 'page', 'default /shoes/red')).toBe(true)
  expect(has(told, 'step', 'default /shoes /shoes/red')).toBe(true)
  const elsewhere = ofContext({ page: { url: URL, referrer: 'https://search.example/' } })
  expect([...elsewhere]).toEqual([clueOfText('page', 'default /shoes/red')])
  const inProperties = { url: URL, referrer: 'https://shop.example/shoes' }
  expect(clues({ type: 'track', event: 'Viewed', properties: inProperties })).toEqual(told)
  expect(ofContext({ page: { url: 'https://shop.example?q=1' } })).toEqual(
    ofContext({ page: { url: 'https://shop.example/' } }),
  )
  expect(ofContext({ page: { url: '/shoes/red', referrer: URL } })).toEqual(NO_CLUES)
  expect(ofContext({ page: { url: 7 } })).toEqual(NO_CLUES)
  const other = extracted(
    { type: 'page', anonymousId: 'c-1', context: { page: { url: URL } } },
    extraction,
    'b',
  )
  expect([...other.fact.clues]).toContain(clueOfText('page', 'b /shoes/red'))
})

test('screens by name', () => {
  const told = clues({ type: 'screen', name: 'Basket' })
  expect([...told]).toEqual([clueOfText('page', 'default screen:Basket')])
  expect(clues({ type: 'page', name: 'Basket' })).toEqual(NO_CLUES)
})

test('clicks, wherever they are named', () => {
  const page = { url: 'https://shop.example/?utm_source=x&gclid=Cj0-_a&li_fat_id=7#fbclid=Iw' }
  const told = ofContext({ page, campaign: { gclid: 'Cj0-_a', ttclid: 'E.C.P' } })
  expect(told).toHaveLength(5)
  for (const one of ['gclid:Cj0-_a', 'li_fat_id:7', 'fbclid:Iw', 'ttclid:E.C.P']) {
    expect(has(told, 'click', one)).toBe(true)
  }
  expect([...clues({ properties: { gclid: 'Cj0-_a', wbraid: '' } })]).toEqual([
    clueOfText('click', 'gclid:Cj0-_a'),
  ])
  expect(clues({ properties: { gclid: 7 }, context: { campaign: 'gclid=7' } })).toEqual(NO_CLUES)
})

test('what is too long tells nothing', () => {
  const long = 'x'.repeat(2_049)
  const page = { url: `https://shop.example/${long}` }
  const agent = `${MOZILLA} ${long} Chrome/144 Safari`
  const context = {
    locale: long,
    timezone: long,
    location: { country: long },
    page,
    userAgent: agent,
  }
  expect(clues({ context, properties: { gclid: long } })).toEqual(NO_CLUES)
  expect(ofContext({ locale: long.slice(1) })).toHaveLength(1)
})

test('without a usable cookie nobody told anything', () => {
  const context = { locale: 'de-DE' }
  expect(extracted({ type: 'page', userId: 'u-1', context }).fact.clues).toBe(NO_CLUES)
  expect(extracted({ type: 'page', anonymousId: 'null', userId: 'u-1', context }).fact.clues).toBe(
    NO_CLUES,
  )
})

test.each<[what: string, message: Record<string, unknown>]>([
  [
    'a page',
    {
      context: {
        page: {
          url: 'https://shop.example/u/ana@example.com/orders',
          referrer: 'https://shop.example/u/ana%40example.com',
        },
      },
    },
  ],
  ['a click', { context: { page: { url: 'https://shop.example/?gclid=ana@example.com&x=1' } } }],
  [
    'a named click',
    {
      context: { campaign: { gclid: 'Ana@Example.com' } },
      properties: { fbclid: '+49 170 0000000' },
    },
  ],
  [
    'a place',
    {
      context: {
        locale: 'ana@example.com',
        timezone: '+49 170 0000000',
        location: { country: 'DE', city: 'ana@example.com' },
      },
    },
  ],
  [
    'a long page',
    { context: { page: { url: `https://shop.example/${'y'.repeat(1_960)}/ana@example.com` } } },
  ],
  [
    'a user agent',
    { context: { userAgent: `${MOZILLA} (X11; Linux) chrome@example.com Safari/1` } },
  ],
])('%s that holds a contact: plain and redacted tell the same', (_what, message) => {
  const whole = { type: 'page', anonymousId: 'c-1', ...message }
  const redacted = redactContacts(extraction, whole)
  expect(redacted).not.toEqual(whole)
  expect(extracted(redacted, extractionOf()).fact.clues).toEqual(
    extracted(whole, extractionOf()).fact.clues,
  )
})

test('every message of a cookie tells its site', () => {
  const { fact } = extracted({ type: 'page', anonymousId: 'c-1' }, extraction)
  expect(fact.clues).toEqual(Uint32Array.of(clueOfText('site', fact.site)))
})

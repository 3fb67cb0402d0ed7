// Which channel a visit is put into, and that the lists of channels are sound and in the guide.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { journeysOf } from '../../test/batch/journeys.ts'
import { messageOf } from '../../test/batch/engine.ts'
import { extracted, settingsOf, sha256 } from '../../test/extraction.ts'
import { compilePolicy } from '../core/policy/compile-policy.ts'
import { foldName } from '../core/policy/defaults.ts'
import {
  BRANDS,
  CHANNELS,
  CLICK_IDS,
  DOMAINS,
  MEDIUMS_BY_SOURCE,
  PLAIN_MEDIUMS,
  SOURCES,
} from './channels.ts'

const SHOP = 'https://www.shop.example/'

/** What a first page says -> its channel. A campaign as `source / medium`. */
const CASES: readonly (readonly [
  channel: string,
  query: string,
  referrer: string,
  context?: string,
])[] = [
  ['direct', '', ''],
  ['direct', '?q=shoes', ''],
  ['organic_search', '', 'https://www.google.com/'],
  ['organic_search', '', 'https://google.co.uk/search?q=1'],
  ['organic_search', '', 'https://search.yahoo.co.jp/'],
  ['organic_search', '', 'android-app://com.google.android.googlequicksearchbox/'],
  ['organic_social', '', 'https://l.facebook.com/l.php?u=1'],
  ['organic_social', '', 'https://t.co/abc'],
  ['organic_social', '', 'https://de.linkedin.com:443/in'],
  ['email', '', 'https://mail.google.com/mail/u/0'],
  ['email', '', 'https://us-mg5.mail.yahoo.com/'],
  ['email', '', 'https://a.b.c.mail.yahoo.com/'],
  ['ai_assistant', '', 'https://chatgpt.com/'],
  ['ai_assistant', '', 'https://gemini.google.com/app'],
  ['referral', '', 'https://docs.google.com/document'],
  ['referral', '', 'https://partner.example/'],
  ['referral', '', 'https://notgoogle.example/'],
  ['direct', '', 'https://shop.example/cart'],
  ['direct', '', 'https://blog.shop.example/'],
  ['direct', '', 'https://secure.pay.example/thanks'],
  ['direct', '', 'https://app.sister.example/'],
  ['paid_search', '?gclid=Cj0K', 'https://www.google.com/'],
  ['paid_search', '?a=1&GBRAID=x', ''],
  ['paid_search', '?msclkid=1', ''],
  ['paid_social', '?ttclid=1', ''],
  ['paid_social', '?li_fat_id=1', 'https://www.linkedin.com/'],
  ['organic_social', '?fbclid=IwAR', 'https://l.facebook.com/'],
  ['display', '?dclid=1', ''],
  ['email', '?mc_cid=1', ''],
  ['paid_social', '?utm_source=facebook&utm_medium=cpc&fbclid=IwAR', 'https://l.facebook.com/'],
  ['paid_social', '?utm_source=fb&utm_medium=paid', ''],
  ['paid_search', '?utm_source=bing&utm_medium=paid', ''],
  ['paid_other', '?utm_source=outbrain&utm_medium=paid', ''],
  ['paid_search', '?utm_source=anything&utm_medium=PPC', ''],
  ['email', '?utm_source=crm&utm_medium=E-Mail', 'https://www.google.com/'],
  ['email', '?utm_source=newsletter', ''],
  ['email', '?utm_campaign=hello&utm_source=Mailchimp', ''],
  ['affiliate', '?utm_source=awin&utm_medium=affiliates', ''],
  ['display', '?utm_source=x&utm_medium=cpm', ''],
  ['organic_social', '?utm_source=instagram&utm_medium=story', ''],
  ['organic_social', '?utm_source=facebook.com&utm_medium=organic', ''],
  ['paid_search', '?utm_source=google&utm_medium=shopping&gclid=1', ''],
  ['direct', '?utm_source=(direct)&utm_medium=(none)', ''],
  ['other', '?utm_source=flyer&utm_medium=qr', ''],
  ['other', '?utm_campaign=spring', 'https://www.google.com/'],
  ['email', '?utm_source=google&utm_medium=cpc', '', 'newsletter / email'],
  ['sms', '', '', 'crm / sms'],
  ['push', '', '', 'crm / web_push'],
]

test('channels', { timeout: 60_000 }, async () => {
  const settings = settingsOf({
    attribution: { ownHosts: ['pay.example'] },
    sites: { sister: { origins: ['https://sister.example:8443'] } },
  })
  const records = CASES.map(([, query, referrer, context], i) => {
    const [source, medium] = context?.split(' / ') ?? []
    const raw = {
      type: 'page',
      messageId: `m${i}`,
      anonymousId: `visitor-${i}`,
      timestamp: '2026-02-01T12:00:00Z',
      context: { page: { url: SHOP + query, referrer }, campaign: { source, medium } },
    }
    return { ...messageOf(extracted(raw).fact), raw: JSON.stringify(raw) }
  })
  const { touchpoint, events } = await journeysOf(
    records,
    compilePolicy(settings, sha256),
    settings,
  )
  const channelOf = new Map(touchpoint.map((touch) => [touch['position'], touch['channel']]))
  const found = events.map(({ id, position }) => {
    const [, ...said] = CASES[Number(id.slice(1))]!
    return [channelOf.get(position), ...said]
  })
  expect(found).toEqual(CASES)
  expect(new Set(CASES.map(([channel]) => channel))).toEqual(new Set(CHANNELS))
})

const listed = (lists: Readonly<Partial<Record<string, readonly string[]>>>): readonly string[] =>
  Object.values(lists).flatMap((list) => list ?? [])

const MEDIUMS = [...listed(PLAIN_MEDIUMS), ...MEDIUMS_BY_SOURCE.flatMap(({ mediums }) => mediums)]

test.each([
  ['mediums', MEDIUMS, foldName],
  ['click ids', listed(CLICK_IDS), String],
  ['sources', [...listed(SOURCES), ...listed(BRANDS)], foldName],
  ['domains', listed(DOMAINS), String],
])('%s: each once, as they are compared', (_, list, fold) => {
  expect(new Set(list).size).toBe(list.length)
  expect(list).toEqual(list.map((word) => fold(word.toLowerCase())))
})

test('docs/journeys.md has every channel and every word of the lists', () => {
  const guide = readFileSync(new URL('../../docs/journeys.md', import.meta.url), 'utf8')
  const words = [
    MEDIUMS,
    listed(CLICK_IDS),
    listed(SOURCES),
    listed(BRANDS),
    listed(DOMAINS),
  ].flat()
  for (const word of [...CHANNELS, ...words]) expect(guide).toContain(`\`${word}\``)
})

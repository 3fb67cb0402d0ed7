// Journeys in plain TypeScript, one event after another: what the SQL is held against.
import {
  BRANDS,
  type Channel,
  CLICK_IDS,
  DOMAINS,
  MEDIUMS_BY_SOURCE,
  PLAIN_MEDIUMS,
  SOURCES,
} from '../../src/batch/channels.ts'
import { conversionsOf, ownHostsOf } from '../../src/core/policy/conversions.ts'
import { foldName } from '../../src/core/policy/defaults.ts'
import type { Settings } from '../../src/core/policy/settings.ts'
import { grouped, type HeldEvent, type Journeys, type Row } from './journeys.ts'

interface Campaign {
  readonly source: string
  readonly medium: string
  readonly name: string
  readonly term: string
  readonly content: string
}

type Touch = Row & { readonly position: number; readonly at_ms: number; readonly channel: Channel }

const channelIn = (
  lists: Readonly<Partial<Record<Channel, readonly string[]>>>,
  word: string,
): Channel | undefined =>
  (Object.keys(lists) as Channel[]).find((channel) => lists[channel]?.includes(word) === true)

function parameters(url: string): readonly (readonly [string, string])[] {
  return url
    .split(/[?&#]/)
    .slice(1)
    .flatMap((part) => {
      const at = part.indexOf('=')
      return at > 0 ? [[part.slice(0, at).toLowerCase(), part.slice(at + 1)] as const] : []
    })
}

function decoded(value: string): string {
  const spaced = value.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced).trim()
  } catch {
    return spaced.trim()
  }
}

function campaignOf(event: HeldEvent): Campaign | null {
  const said = {
    source: event.campaign_source?.trim() ?? '',
    medium: event.campaign_medium?.trim() ?? '',
    name: event.campaign_name?.trim() ?? '',
    term: event.campaign_term?.trim() ?? '',
    content: event.campaign_content?.trim() ?? '',
  }
  if (said.source + said.medium + said.name !== '') return said
  const query = parameters(event.page_url ?? '')
  const utm = (name: string): string =>
    decoded(query.find(([key, value]) => key === `utm_${name}` && value !== '')?.[1] ?? '')
  const [source, medium, name] = [utm('source'), utm('medium'), utm('campaign')]
  if (source + medium + name === '') return null
  return { source, medium, name, term: utm('term'), content: utm('content') }
}

function clickOf({ page_url }: HeldEvent): readonly [string, string] | null {
  const found = parameters(page_url ?? '').find(
    ([key, value]) => channelIn(CLICK_IDS, key) !== undefined && value !== '',
  )
  return found ?? null
}

const hostOf = (url: string | null): string =>
  /^[^:/?#]+:\/\/([^/?#:]+)/.exec(url ?? '')?.[1]?.toLowerCase() ?? ''

const SECOND = new Set('ac co com edu go gob gov ne net or org'.split(' '))

function siteOf(host: string): string {
  const parts = host.split('.')
  if (/^[0-9.]+$/.test(host)) return host
  const country = SECOND.has(parts.at(-2) ?? '') && /^[a-z]{2}$/.test(parts.at(-1) ?? '')
  return parts.slice(country ? -3 : -2).join('.')
}

function originChannel(text: string, own: readonly string[]): Channel | undefined {
  const parts = text.split('.')
  const above = [text, parts.slice(-4).join('.'), parts.slice(-3).join('.'), siteOf(text)]
  for (const host of above) {
    if (own.includes(host)) return 'direct'
    const channel = channelIn(DOMAINS, host)
    if (channel !== undefined) return channel
  }
  return channelIn(BRANDS, siteOf(text).split('.')[0] ?? '')
}

function channelOf(event: HeldEvent, entry: boolean, own: readonly string[]): Channel {
  const campaign = campaignOf(event)
  const click = clickOf(event)
  if (campaign !== null) {
    const named = channelIn(SOURCES, foldName(campaign.source))
    const origin = named ?? originChannel(campaign.source.toLowerCase(), own)
    const source = origin === 'direct' ? undefined : origin
    const medium = foldName(campaign.medium)
    const rule = MEDIUMS_BY_SOURCE.find(({ mediums }) => mediums.includes(medium))
    if (rule !== undefined) {
      if (source === 'organic_search') return rule.search
      return source === 'organic_social' ? rule.social : rule.otherwise
    }
    const plain = channelIn(PLAIN_MEDIUMS, medium)
    if (plain !== undefined) return plain
    if (click === null) return source ?? 'other'
  }
  if (click !== null) return channelIn(CLICK_IDS, click[0])!
  const referrer = hostOf(event.page_referrer)
  const page = hostOf(event.page_url)
  if (!entry || referrer === '') return 'direct'
  const origin = originChannel(referrer, own)
  if (origin === 'direct' || (page !== '' && siteOf(page) === siteOf(referrer))) return 'direct'
  return origin ?? 'referral'
}

function touchOf(event: HeldEvent, entry: boolean, own: readonly string[]): Touch {
  const campaign = campaignOf(event)
  const click = clickOf(event)
  return {
    position: event.position,
    at_ms: event.at,
    grp: event.grp,
    cookie: event.cookie,
    session: event.session,
    entry,
    channel: channelOf(event, entry, own),
    source: campaign?.source || null,
    medium: campaign?.medium || null,
    campaign: campaign?.name || null,
    term: campaign?.term || null,
    content: campaign?.content || null,
    click: click?.[0] ?? null,
    click_id: click?.[1] ?? null,
    referrer_host: hostOf(event.page_referrer) || null,
    url: event.page_url || null,
  }
}

function touchesOf(session: readonly HeldEvent[], own: readonly string[]): readonly Touch[] {
  let campaign: string | null = null
  let click: string | null = null
  return session.flatMap((event, i) => {
    const said = campaignOf(event)
    const clicked = clickOf(event)
    const nowCampaign = said === null ? campaign : JSON.stringify(said)
    const nowClick = clicked === null ? click : clicked.join('=')
    const changed = nowCampaign !== campaign || nowClick !== click
    campaign = nowCampaign
    click = nowClick
    return i === 0 || changed ? [touchOf(event, i === 0, own)] : []
  })
}

function creditOf(conversion: Row, touches: readonly Touch[], lookbackDays: number): Row[] {
  const at = conversion['at_ms'] as number
  const before = touches
    .filter((touch) => touch['grp'] === conversion['grp'])
    .filter((touch) => touch.at_ms >= at - lookbackDays * 86_400_000)
    .filter(
      (t) => t.at_ms < at || (t.at_ms === at && t.position <= (conversion['position'] as number)),
    )
    .toSorted((a, b) => a.at_ms - b.at_ms || a.position - b.position)
    .slice(-500)
  const led = before.findLastIndex(({ channel }) => channel !== 'direct')
  const count = before.length
  const based = (i: number): number => {
    if (count <= 2) return 1 / count
    return i === 0 || i === count - 1 ? 0.4 : 0.2 / (count - 2)
  }
  return before.map((touch, i) => ({
    conversion: conversion['position'],
    touchpoint: touch.position,
    grp: conversion['grp'],
    nth: i + 1,
    touchpoints: count,
    first_touch: i === 0 ? 1 : 0,
    last_touch: i === (led < 0 ? count - 1 : led) ? 1 : 0,
    linear: 1 / count,
    position_based: based(i),
  }))
}

function conversionOf(event: HeldEvent, settings: Settings): Row[] {
  if (event.type !== 'track') return []
  const known = conversionsOf(settings).find((c) => foldName(c.name) === foldName(event.name))
  if (known === undefined) return []
  const { worth, name } = known
  const revenue = worth === 'revenue'
  return [
    {
      position: event.position,
      at_ms: event.at,
      grp: event.grp,
      cookie: event.cookie,
      session: event.session,
      name,
      value: revenue ? event.revenue : typeof worth === 'number' ? worth : null,
      currency: revenue ? event.currency?.trim().toUpperCase() || null : null,
    },
  ]
}

/** The tables of the journeys of events. */
export function referenceJourneys(events: readonly HeldEvent[], settings: Settings): Journeys {
  const own = ownHostsOf(settings)
  const inTime = events.toSorted((a, b) => a.at - b.at || a.position - b.position)
  const sessions = grouped(
    inTime.filter((event) => event.session !== null),
    (event) => `${event.cookie} ${event.session}`,
  )
  const touches = new Map([...sessions].map(([key, held]) => [key, touchesOf(held, own)]))
  const byPlace = (a: Row, b: Row): number => (a['position'] as number) - (b['position'] as number)
  const touchpoint = [...touches.values()].flat().toSorted(byPlace)
  const conversion = events.flatMap((event) => conversionOf(event, settings)).toSorted(byPlace)
  const session = [...sessions].map(([key, held]): Row => {
    const came = touches.get(key)!
    const { position, at_ms, entry: _, click_id: __, url, ...first } = came[0]! as Row
    const converted = conversion.filter((c) => held.some((e) => e.position === c['position']))
    return {
      ...first,
      position,
      began_ms: at_ms,
      ended_ms: held.at(-1)!.at,
      events: held.length,
      touchpoints: came.length,
      conversions: converted.length,
      entry_url: url,
    }
  })
  const { lookbackDays } = settings.attribution
  const owned = conversion.filter((c) => c['grp'] !== null)
  return {
    events,
    session: session.toSorted(byPlace),
    touchpoint,
    conversion,
    credit: owned.flatMap((c) => creditOf(c, touchpoint, lookbackDays)),
  }
}

// By which way somebody came to the page a message was sent from, in a few words: `google / cpc / spring`, `news.example`.
// Invariant: what a message says is bounded before it is told on, and one's own site is no way to come.

import { fieldsAt, type Fields, isFields } from '../../core/event/event.ts'
import { jsonOf } from '../json-text.ts'

/** Of what one word of a campaign, or a host, says. */
const WORD_CHARACTERS_MAX = 80

/** Of the raw text of a message: its campaign, else the campaign in the address of the page, else the host of another site; null where there is none. */
export function cameBy(raw: string): string | null {
  const message = jsonOf(raw)
  if (!isFields(message)) return null
  const context = fieldsAt(message, 'context')
  const page = fieldsAt(context, 'page')
  const url = urlOf(page['url']) ?? urlOf(fieldsAt(message, 'properties')['url'])
  return (
    campaignOf(fieldsAt(context, 'campaign')) ??
    campaignOf(utmOf(url)) ??
    otherHost(urlOf(page['referrer']), url)
  )
}

function campaignOf(campaign: Fields): string | null {
  const said = [campaign['source'], campaign['medium'], campaign['name']].map(wordOf)
  const words = said.filter((word) => word !== null)
  return words.length === 0 ? null : words.join(' / ')
}

function utmOf(url: URL | null): Fields {
  const of = (name: string): string | undefined => url?.searchParams.get(name) ?? undefined
  return { source: of('utm_source'), medium: of('utm_medium'), name: of('utm_campaign') }
}

function wordOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return null
  return value.trim().slice(0, WORD_CHARACTERS_MAX)
}

function urlOf(value: unknown): URL | null {
  return typeof value === 'string' ? URL.parse(value) : null
}

/** The host one came from, unless it is of the same site as the page. */
function otherHost(from: URL | null, page: URL | null): string | null {
  const host = wordOf(from?.hostname)
  if (host === null) return null
  return page !== null && siteOf(host) === siteOf(page.hostname) ? null : host
}

/** The last two parts of a name, three where it ends on something like `.co.uk`: as for channels. */
function siteOf(host: string): string {
  const parts = host.split('.')
  const isLong = /\.(?:co|com|net|org|gov|ac|edu)\.[a-z]{2}$/.test(host)
  return parts.slice(isLong ? -3 : -2).join('.')
}

// What a message says beside identifiers that a run reads: where its sender was and came from, what they paid, and how
// they describe themselves. Taken out of the text once, when a segment is sealed. Nothing is decided by it.

import { HOST_PATTERN, QUERY_PATTERN } from '../../core/event/web-address.ts'
import { VERIFYING_KINDS } from '../../core/golden/said.ts'
import { literal } from './duckdb.ts'

/** Where it stands in a message; the first that is there counts. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  page_url: ['$.context.page.url', '$.properties.url'],
  page_referrer: ['$.context.page.referrer', '$.properties.referrer'],
  campaign_source: ['$.context.campaign.source'],
  campaign_medium: ['$.context.campaign.medium'],
  campaign_name: ['$.context.campaign.name'],
  campaign_term: ['$.context.campaign.term'],
  campaign_content: ['$.context.campaign.content'],
  revenue: ['$.properties.revenue', '$.properties.total', '$.properties.value'],
  currency: ['$.properties.currency'],
  traits: ['$.traits'],
  context_traits: ['$.context.traits'],
}

const PATHS = Object.values(SAID).flat()

/** All of it as one list of texts; null for a text that DuckDB takes for no JSON, such as half a surrogate pair. */
export function saidSql(body: string): string {
  const paths = PATHS.map((path) => `'${path}'`).join(', ')
  return `try(json_extract_string(${body}, [${paths}]))`
}

function placeSql(name: string): string {
  const places = (SAID[name] ?? []).map((path) => `said[${PATHS.indexOf(path) + 1}]`)
  return places.length === 1 ? (places[0] ?? '') : `coalesce(${places.join(', ')})`
}

const hostSql = (url: string): string =>
  `nullif(lower(regexp_extract(${url}, ${literal(HOST_PATTERN)}, 1)), '')`

/** Most addresses ask nothing, which is cheaper to see than to look for. */
const querySql = (url: string): string =>
  `CASE WHEN contains(${url}, '=') THEN nullif(regexp_extract(${url}, ${literal(QUERY_PATTERN)}, 0), '') END`

const COLUMNS: readonly (readonly [string, string])[] = Object.keys(SAID).flatMap((name) => {
  const text = placeSql(name)
  if (name === 'revenue') return [[name, `try_cast(${text} AS DOUBLE)`] as const]
  if (name === 'page_referrer') return [['referrer_host', hostSql(text)] as const]
  if (name !== 'page_url') return [[name, text] as const]
  return [
    [name, text],
    ['page_host', hostSql(text)],
    ['page_query', querySql(text)],
  ] as const
})

/** The columns, from the list called `said` and the record's edges. */
export const SAID_COLUMNS = [
  ...COLUMNS.map(([name, sql]) => `${sql} AS ${name}`),
  `len(list_filter(edges, lambda e: e.kind IN (${VERIFYING_KINDS.map(literal).join(', ')}))) > 0 AS verified`,
].join(',\n    ')

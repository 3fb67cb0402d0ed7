// What brought somebody: of the first event of each session, and of events with a campaign or click id, what they say of
// it. Invariant: texts are read in one look at the log, and only these events' go further than that.

import type { LogColumns } from '../../ports/columnar-log.ts'
import {
  ADDRESS_PATTERN,
  CLICK_PATTERN,
  clickRuleSql,
  endingPattern,
  foldSql,
  mediumRuleSql,
  originRuleSql,
  parameterSql,
  SITE_PATTERN,
  TAGGED_PATTERN,
} from '../channel-tables.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import type { Stage } from '../stage.ts'

export interface ArrivalsInput {
  readonly parts: readonly LogColumns[]
  /** Hosts from which nobody comes, with their sub-domains. */
  readonly ownHosts: readonly string[]
}

/**
 * `session_span`: cookie, session, grp, position (of its first event), began_ms, ended_ms, events. `arrival`: position,
 * begins (a session), of that cookie, grp and at_ms, url, referrer_host, page_host, source, medium, name, term, content, click, click_id; empty where
 * there is none. `campaign`: what of these five there is, once, numbered; with the channel by medium and by source.
 * `origin`: hosts and sources with what they belong to (site) and their channel.
 */
export function arrivalStages({ parts, ownHosts }: ArrivalsInput): readonly Stage[] {
  return [
    { name: 'medium_rule', sql: (d) => mediumRuleSql(d) },
    { name: 'click_rule', sql: (d) => clickRuleSql(d) },
    { name: 'origin_rule', sql: (d) => originRuleSql(d, ownHosts) },
    { name: 'session_span', sql: () => SESSION_SPAN },
    { name: 'arrival', sql: (d) => arrivals(d, parts) },
    { name: 'origin', sql: origins },
    { name: 'campaign', sql: campaigns },
  ]
}

const SESSION_SPAN = `
SELECT session, session AS position, any_value(cookie) AS cookie, any_value(grp) AS grp, min(at_ms) AS began_ms,
  max(at_ms) AS ended_ms, count(*) AS events
FROM event WHERE session IS NOT NULL GROUP BY session`

const CAMPAIGN = ['source', 'medium', 'name', 'term', 'content'] as const
const utm = (field: string): string => `utm_${field === 'name' ? 'campaign' : field}`

function arrivals(d: Dialect, parts: readonly LogColumns[]): string {
  // To look for the letters is cheaper than to look for a parameter that is not there.
  const said = (field: string): string =>
    `CASE WHEN s.in_context THEN trim(coalesce(s.campaign_${field}, ''))
    WHEN s.folded LIKE '%${utm(field).replace('_', '^_')}=%' ESCAPE '^' THEN ${parameterSql(d, 's.page_query', utm(field))} ELSE '' END AS ${field}`
  return `
WITH looked AS (
  SELECT position, page_url, page_host, page_query, referrer_host, campaign_source, campaign_medium, campaign_name,
    campaign_term, campaign_content,
    CASE WHEN campaign_source IS NULL AND campaign_medium IS NULL AND campaign_name IS NULL THEN false
      ELSE trim(concat_ws('', campaign_source, campaign_medium, campaign_name)) <> '' END AS in_context,
    CASE WHEN page_query IS NULL THEN false ELSE ${d.matches('page_query', TAGGED_PATTERN)} END AS in_url
  FROM ${d.parquet(parts.map((part) => part.events))} WHERE kind = 'message'
), taken AS (
  SELECT l.*, f.position IS NOT NULL AS begins, f.cookie AS cookie, f.grp AS grp, f.began_ms AS at_ms,
    CASE WHEN in_url THEN lower(page_query) ELSE '' END AS folded,
    CASE WHEN in_url THEN regexp_extract(page_query, ${d.text(CLICK_PATTERN)}, 0) ELSE '' END AS clicked
  FROM looked l LEFT JOIN session_span f ON f.position = l.position
  WHERE f.position IS NOT NULL OR l.in_context OR l.in_url
)
SELECT s.position AS position, s.begins AS begins, s.cookie AS cookie, s.grp AS grp, s.at_ms AS at_ms,
  coalesce(s.page_url, '') AS url, coalesce(s.referrer_host, '') AS referrer_host,
  CASE WHEN s.begins AND s.referrer_host <> '' THEN coalesce(s.page_host, '') ELSE '' END AS page_host,
  ${CAMPAIGN.map(said).join(',\n  ')},
  CASE WHEN s.clicked <> '' THEN lower(substr(split_part(s.clicked, '=', 1), 2)) ELSE '' END AS click,
  CASE WHEN s.clicked <> '' THEN substr(s.clicked, strpos(s.clicked, '=') + 1) ELSE '' END AS click_id
FROM taken s`
}

function campaigns(d: Dialect): string {
  return `
WITH different AS (
  SELECT DISTINCT source, medium, name, term, content FROM arrival
  WHERE source <> '' OR medium <> '' OR name <> ''
), sourced AS (
  SELECT f.*, nullif(coalesce(s.channel, o.channel), 'direct') AS source_channel, ${foldSql(d, 'f.medium')} AS folded
  FROM different f
  LEFT JOIN origin_rule s ON s.kind = 'source' AND s.name = ${foldSql(d, 'f.source')}
  LEFT JOIN origin o ON o.text = lower(f.source)
)
SELECT CAST(row_number() OVER (ORDER BY s.source, s.medium, s.name, s.term, s.content) AS INTEGER) AS campaign,
  s.source AS source, s.medium AS medium, s.name AS name, s.term AS term, s.content AS content,
  s.source_channel AS source_channel, CASE s.source_channel WHEN 'organic_search' THEN m.of_search
    WHEN 'organic_social' THEN m.of_social ELSE m.channel END AS medium_channel
FROM sourced s LEFT JOIN medium_rule m ON m.medium = s.folded`
}

const domainSql = (place: string, host: string): string =>
  `LEFT JOIN origin_rule ${place} ON ${place}.kind = 'domain' AND ${place}.name = ${host}`

/** The longest domain that is listed counts, before a brand. */
function origins(d: Dialect): string {
  const ending = (labels: number): string =>
    `regexp_extract(text, ${d.text(endingPattern(labels))}, 1)`
  return `
WITH different AS (
  SELECT referrer_host AS text FROM arrival WHERE referrer_host <> ''
  UNION SELECT page_host AS text FROM arrival WHERE page_host <> ''
  UNION SELECT lower(source) AS text FROM arrival WHERE source <> ''
), split AS (
  SELECT text, ${ending(4)} AS last_four, ${ending(3)} AS last_three, CASE WHEN text NOT LIKE '%.%'
    OR ${d.matches('text', ADDRESS_PATTERN)} THEN text
    ELSE coalesce(nullif(regexp_extract(text, ${d.text(SITE_PATTERN)}, 1), ''), text) END AS site
  FROM different
)
SELECT s.text AS text, s.site AS site,
  coalesce(whole.channel, above.channel, higher.channel, top.channel, b.channel) AS channel
FROM split s
${domainSql('whole', 's.text')}
${domainSql('above', 's.last_four')}
${domainSql('higher', 's.last_three')}
${domainSql('top', 's.site')}
LEFT JOIN origin_rule b ON b.kind = 'brand' AND b.name = split_part(s.site, '.', 1)`
}

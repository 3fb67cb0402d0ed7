// Published: what people did, as events, sessions, touchpoints and conversions.

import type { Dialect } from '../../ports/batch-engine.ts'
import type { LogColumns } from '../../ports/columnar-log.ts'
import { SESSIONS_SQL, TOUCHPOINTS_SQL } from '../stages/journeys.ts'
import type { PublishedTable } from './published-table.ts'

const time = (d: Dialect, column: string): string => d.timestamp(column)

/** A row a message. */
export function eventTables(parts: readonly LogColumns[]): readonly PublishedTable[] {
  return [
    {
      table: 'events',
      sql: (d) => `
SELECT e.position AS position, e.id AS event_id, n.profile_id AS profile_id, e.type AS type, e.name AS name, e.at AS timestamp,
  e.received_at AS received_at, e.site AS site, v.session AS session_id, e.page_url AS page_url,
  e.revenue AS revenue, e.currency AS currency
FROM ${d.parquet(parts.map((p) => p.events))} e
JOIN event v ON v.position = e.position
LEFT JOIN profile_name n ON n.grp = v.grp
WHERE e.kind = 'message'`,
    },
  ]
}

/** How people came, and to what that led. */
export function journeyTables(): readonly PublishedTable[] {
  return [
    {
      table: 'sessions',
      sql: (d) => `
SELECT s.position AS session_id, n.profile_id AS profile_id, c.value AS cookie, ${time(d, 's.began_ms')} AS began_at,
  ${time(d, 's.ended_ms')} AS ended_at, s.events AS events, s.touchpoints AS touchpoints, s.conversions AS conversions,
  s.entry_url AS entry_url, s.channel AS channel, s.source AS source, s.medium AS medium, s.campaign AS campaign,
  s.term AS term, s.content AS content, s.click AS click, s.referrer_host AS referrer_host
FROM (${SESSIONS_SQL}) s
JOIN identifier c ON c.node = s.cookie AND c.type = 'cookie'
LEFT JOIN profile_name n ON n.grp = s.grp`,
    },
    {
      table: 'touchpoints',
      sql: (d) => `
SELECT t.position AS position, n.profile_id AS profile_id, t.session AS session_id, ${time(d, 't.at_ms')} AS timestamp,
  t.entry AS entry, t.channel AS channel, t.source AS source, t.medium AS medium, t.campaign AS campaign,
  t.term AS term, t.content AS content, t.click AS click, t.click_id AS click_id, t.referrer_host AS referrer_host,
  t.url AS url
FROM (${TOUCHPOINTS_SQL}) t LEFT JOIN profile_name n ON n.grp = t.grp`,
    },
    {
      table: 'conversions',
      sql: (d) => `
SELECT v.position AS position, n.profile_id AS profile_id, v.session AS session_id, ${time(d, 'v.at_ms')} AS timestamp,
  v.name AS name, v.value AS value, v.currency AS currency
FROM conversion v LEFT JOIN profile_name n ON n.grp = v.grp`,
    },
    {
      table: 'credits',
      sql: () => `
SELECT c.conversion AS conversion, c.touchpoint AS touchpoint, n.profile_id AS profile_id, c.nth AS nth,
  c.touchpoints AS touchpoints, c.first_touch AS first_touch, c.last_touch AS last_touch, c.linear AS linear,
  c.position_based AS position_based
FROM credit c LEFT JOIN profile_name n ON n.grp = c.grp`,
    },
  ]
}

// Journeys: sessions with how they began, touchpoints with their channel. Needs the tables `event` and those of arrivals.
// Invariant: every session begins with one touchpoint; ties are decided by event time, then position.

import type { Conversion } from '../../core/policy/conversions.ts'
import type { BatchEngine } from '../../ports/batch-engine.ts'
import { makeStages, type Stage, type Told } from '../stage.ts'
import { type ArrivalsInput, arrivalStages } from './arrivals.ts'
import { conversionStages, creditStages } from './credit.ts'

export interface JourneysInput extends ArrivalsInput {
  readonly conversions: readonly Conversion[]
  /** Touchpoints longer before a conversion than this get no credit for it. */
  readonly lookbackDays: number
}

/** Tables that only others are made of. */
const PASSING = [
  'medium_rule',
  'click_rule',
  'origin_rule',
  'session_span',
  'arrival',
  'origin',
  'campaign',
  'tagged',
  'conversion_rule',
  'conversion_name',
  'credit_touch',
  'credit_path',
] as const

/**
 * Makes `session`, `touchpoint`, `conversion` and `credit` from `event`.
 * @throws StageError
 */
export async function makeJourneys(
  engine: BatchEngine,
  input: JourneysInput,
  told: Told,
): Promise<void> {
  await makeStages(engine, journeyStages(input), told)
  for (const table of PASSING) await engine.drop(table)
}

/**
 * `touchpoint`: position (of its event), at_ms, grp, cookie, session, entry (it began the session), channel, source,
 * medium, campaign, term, content, click (the parameter), click_id, referrer_host, url; NULL where there is none.
 *
 * `session`: position (of its first event), grp, cookie, session (the same), began_ms, ended_ms, events,
 * touchpoints, conversions, entry_url, and of its first touchpoint channel to click and referrer_host.
 */
function journeyStages(input: JourneysInput): readonly Stage[] {
  return [
    ...arrivalStages(input),
    { name: 'tagged', sql: () => TAGGED },
    { name: 'touchpoint', sql: () => TOUCHPOINT },
    ...conversionStages(input.parts, input.conversions),
    { name: 'session', sql: () => SESSION },
    ...creditStages(input.lookbackDays),
  ]
}

/** Events with a campaign or click id, and whether it is another than the one before it in the session. */
const TAGGED = `
WITH tag AS (
  SELECT a.position AS position, a.begins AS begins, e.cookie AS cookie, e.session AS session, e.grp AS grp,
    e.at_ms AS at_ms, c.campaign AS campaign, CASE WHEN a.click_id <> '' THEN concat(a.click, '=', a.click_id) END AS click
  FROM arrival a
  JOIN event e ON e.position = a.position
  LEFT JOIN campaign c ON c.source = a.source AND c.medium = a.medium AND c.name = a.name AND c.term = a.term
    AND c.content = a.content
  WHERE e.session IS NOT NULL AND (a.source <> '' OR a.medium <> '' OR a.name <> '' OR a.click_id <> '')
), with_campaign AS (
  SELECT position, campaign, lag(campaign) OVER (PARTITION BY cookie, session ORDER BY at_ms, position) AS before
  FROM tag WHERE campaign IS NOT NULL
), with_click AS (
  SELECT position, click, lag(click) OVER (PARTITION BY cookie, session ORDER BY at_ms, position) AS before
  FROM tag WHERE click IS NOT NULL
), changed AS (
  SELECT position FROM with_campaign WHERE before IS NULL OR before <> campaign
  UNION SELECT position FROM with_click WHERE before IS NULL OR before <> click
)
SELECT t.position AS position, t.begins AS begins, t.cookie AS cookie, t.session AS session, t.grp AS grp, t.at_ms AS at_ms,
  t.campaign AS campaign, h.position IS NOT NULL AS changed
FROM tag t LEFT JOIN changed h ON h.position = t.position`

/** What the sender says of a campaign counts before the click id, and both before where the page was come to from. */
const TOUCHPOINT = `
WITH came AS (
  SELECT s.position AS position, s.began_ms AS at_ms, s.grp AS grp, s.cookie AS cookie, s.session AS session,
    true AS entry, t.campaign AS campaign
  FROM session_span s LEFT JOIN tagged t ON t.position = s.position
  UNION ALL
  SELECT position, at_ms, grp, cookie, session, false AS entry, campaign FROM tagged WHERE changed AND NOT begins
)
SELECT m.position AS position, m.at_ms AS at_ms, m.grp AS grp, m.cookie AS cookie, m.session AS session, m.entry AS entry,
  CASE WHEN c.medium_channel IS NOT NULL THEN c.medium_channel
    WHEN k.channel IS NOT NULL THEN k.channel
    WHEN c.campaign IS NOT NULL THEN coalesce(c.source_channel, 'other')
    WHEN a.referrer_host = '' OR o.channel = 'direct' OR o.site = p.site THEN 'direct'
    ELSE coalesce(o.channel, 'referral') END AS channel,
  nullif(c.source, '') AS source, nullif(c.medium, '') AS medium, nullif(c.name, '') AS campaign,
  nullif(c.term, '') AS term, nullif(c.content, '') AS content,
  nullif(a.click, '') AS click, nullif(a.click_id, '') AS click_id,
  nullif(a.referrer_host, '') AS referrer_host, nullif(a.url, '') AS url
FROM came m
JOIN arrival a ON a.position = m.position
LEFT JOIN campaign c ON c.campaign = m.campaign
LEFT JOIN click_rule k ON k.parameter = a.click
LEFT JOIN origin o ON o.text = a.referrer_host
LEFT JOIN origin p ON p.text = a.page_host`

const SESSION = `
WITH touched AS (
  SELECT cookie, session, count(*) AS n FROM touchpoint WHERE NOT entry GROUP BY cookie, session
), converted AS (
  SELECT cookie, session, count(*) AS n FROM conversion WHERE session IS NOT NULL GROUP BY cookie, session
)
SELECT s.position AS position, s.grp AS grp, s.cookie AS cookie, s.session AS session, s.began_ms AS began_ms,
  s.ended_ms AS ended_ms, s.events AS events, 1 + coalesce(h.n, 0) AS touchpoints, coalesce(v.n, 0) AS conversions,
  t.url AS entry_url, t.channel AS channel, t.source AS source, t.medium AS medium, t.campaign AS campaign,
  t.term AS term, t.content AS content, t.click AS click, t.referrer_host AS referrer_host
FROM session_span s
JOIN touchpoint t ON t.position = s.position
LEFT JOIN touched h ON h.cookie = s.cookie AND h.session = s.session
LEFT JOIN converted v ON v.cookie = s.cookie AND v.session = s.session`

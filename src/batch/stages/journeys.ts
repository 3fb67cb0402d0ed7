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
  'origin',
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
 * `touchpoint`: position (of its event), at_ms, grp, cookie, session, entry (it began the session), channel, campaign
 * (number; NULL for none). `session`: position (of its first event), grp, cookie, session (the same), began_ms,
 * ended_ms, events, touchpoints, conversions, and of its first touchpoint channel and campaign. Texts stay where they
 * are, in `arrival` and `campaign`.
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
WITH said AS (
  SELECT a.position AS position, a.begins AS begins, a.cookie AS cookie, a.grp AS grp, a.at_ms AS at_ms,
    c.campaign AS campaign, CASE WHEN a.click_id <> '' THEN concat(a.click, '=', a.click_id) END AS click
  FROM arrival a
  LEFT JOIN campaign c ON c.source = a.source AND c.medium = a.medium AND c.name = a.name AND c.term = a.term
    AND c.content = a.content
  WHERE a.source <> '' OR a.medium <> '' OR a.name <> '' OR a.click_id <> ''
), tag AS (
  SELECT position, begins, cookie, position AS session, grp, at_ms, campaign, click FROM said WHERE begins
  UNION ALL
  SELECT s.position, s.begins, e.cookie, e.session, e.grp, e.at_ms, s.campaign, s.click
  FROM event e JOIN said s ON s.position = e.position AND NOT s.begins
  WHERE e.session IS NOT NULL
), after AS (
  SELECT *, lag(campaign) OVER (PARTITION BY session, campaign IS NULL ORDER BY at_ms, position) AS former_campaign,
    lag(click) OVER (PARTITION BY session, click IS NULL ORDER BY at_ms, position) AS former_click
  FROM tag
)
SELECT position, begins, cookie, session, grp, at_ms, campaign,
  coalesce(campaign <> former_campaign, campaign IS NOT NULL) OR coalesce(click <> former_click, click IS NOT NULL) AS changed
FROM after`

/** What the sender says of a campaign counts before the click id, and both before where the page was come to from. */
const TOUCHPOINT = `
SELECT a.position AS position, coalesce(a.at_ms, t.at_ms) AS at_ms, CASE WHEN a.begins THEN a.grp ELSE t.grp END AS grp,
  coalesce(a.cookie, t.cookie) AS cookie, CASE WHEN a.begins THEN a.position ELSE t.session END AS session,
  a.begins AS entry,
  CASE WHEN c.medium_channel IS NOT NULL THEN c.medium_channel
    WHEN k.channel IS NOT NULL THEN k.channel
    WHEN c.campaign IS NOT NULL THEN coalesce(c.source_channel, 'other')
    WHEN a.referrer_host = '' OR o.channel = 'direct' OR o.site = p.site THEN 'direct'
    ELSE coalesce(o.channel, 'referral') END AS channel, c.campaign AS campaign
FROM arrival a
LEFT JOIN tagged t ON t.position = a.position
LEFT JOIN campaign c ON c.campaign = t.campaign
LEFT JOIN click_rule k ON k.parameter = a.click
LEFT JOIN origin o ON o.text = a.referrer_host
LEFT JOIN origin p ON p.text = a.page_host
WHERE a.begins OR t.changed`

const SESSION = `
WITH touched AS (
  SELECT session, count(*) AS n FROM touchpoint WHERE NOT entry GROUP BY session
), converted AS (
  SELECT session, count(*) AS n FROM conversion WHERE session IS NOT NULL GROUP BY session
)
SELECT s.position AS position, s.grp AS grp, s.cookie AS cookie, s.session AS session, s.began_ms AS began_ms,
  s.ended_ms AS ended_ms, s.events AS events, 1 + coalesce(h.n, 0) AS touchpoints, coalesce(v.n, 0) AS conversions,
  t.channel AS channel, t.campaign AS campaign
FROM touchpoint t
JOIN session_span s ON s.position = t.position
LEFT JOIN touched h ON h.session = s.session
LEFT JOIN converted v ON v.session = s.session`

const CAMPAIGN_TEXTS = `nullif(c.source, '') AS source, nullif(c.medium, '') AS medium, nullif(c.name, '') AS campaign,
  nullif(c.term, '') AS term, nullif(c.content, '') AS content, nullif(a.click, '') AS click`

/** `touchpoint` with source, medium, campaign, term, content, click (the parameter), click_id, referrer_host and url. */
export const TOUCHPOINTS_SQL = `
SELECT t.position AS position, t.at_ms AS at_ms, t.grp AS grp, t.cookie AS cookie, t.session AS session, t.entry AS entry,
  t.channel AS channel, ${CAMPAIGN_TEXTS}, nullif(a.click_id, '') AS click_id,
  nullif(a.referrer_host, '') AS referrer_host, nullif(a.url, '') AS url
FROM arrival a JOIN touchpoint t ON t.position = a.position LEFT JOIN campaign c ON c.campaign = t.campaign`

/** `session` with entry_url and, of its first touchpoint, source, medium, campaign, term, content, click and referrer_host. */
export const SESSIONS_SQL = `
SELECT s.position AS position, s.grp AS grp, s.cookie AS cookie, s.session AS session, s.began_ms AS began_ms,
  s.ended_ms AS ended_ms, s.events AS events, s.touchpoints AS touchpoints, s.conversions AS conversions,
  nullif(a.url, '') AS entry_url, s.channel AS channel, ${CAMPAIGN_TEXTS}, nullif(a.referrer_host, '') AS referrer_host
FROM arrival a JOIN session s ON s.position = a.position LEFT JOIN campaign c ON c.campaign = s.campaign`

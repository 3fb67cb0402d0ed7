// What a run says of profiles and identifiers beside who is whose: kinds, confidence, promiscuity, why somebody is in.

import { CONFIDENCE_MAX, CONFIDENCE_PLACES } from '../../core/policy/evidence-unit.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { ALIKE_KIND } from '../policy-tables.ts'
import type { Stage } from '../stage.ts'

/** Evidence (millionths of −ln(1 − c)) as a confidence, for people to read, as `confidenceOf` has it. */
export function confidenceSql(evidence: string): string {
  return `least(${CONFIDENCE_MAX}, round(1 - exp(-(${evidence}) / 1000000.0), ${CONFIDENCE_PLACES}))`
}

/** `crowd`: witness, day, people (anchors), cookies. */
export const crowdStage: Stage = {
  name: 'crowd',
  sql: () => `
SELECT s.witness AS witness, s.day AS day, CAST(count(DISTINCT coalesce(a.anchor, s.cookie)) AS INTEGER) AS people,
  CAST(count(*) AS INTEGER) AS cookies
FROM sighting s LEFT JOIN anchor a ON a.cookie = s.cookie GROUP BY s.witness, s.day`,
}

/**
 * `profile`: grp, profile_id, kind, state, members, cookies, emails, phones, external_ids, first_seen, last_seen (ms),
 * site_low, site_high, weakest; `profile_sites`: sites of those with several. Needs `profile_name` (grp, profile_id) and `same`.
 * `inferred`: grp, from_node, to_node, evidence: cookies that a model has joined, in the profile they are in.
 * `promiscuity`: node, people: the most in a day; people of a witness are anchors, of a member cookies.
 * `reason`: node, kind, other, evidence: the strongest edge to another member of the same profile; where there is none, the
 * most alike of those a model has joined it with.
 */
export function profileStages(policy: Policy): readonly Stage[] {
  return [
    {
      name: 'profile',
      sql: () => `
WITH counted AS (
  SELECT m.grp AS grp, max(m.shared) AS shared, count(*) AS members, ${countOf('cookie')} AS cookies,
    ${countOf('email')} AS emails, ${countOf('phone')} AS phones, ${countOf('external_id')} AS external_ids,
    min(i.first_seen) AS first_seen, max(i.last_seen) AS last_seen, min(i.site_low) AS site_low,
    max(i.site_high) AS site_high, any_value(m.weakest) AS weakest
  FROM identifier i JOIN membership m ON m.node = i.node
  GROUP BY m.grp
)
SELECT c.grp AS grp, n.profile_id AS profile_id,
  CASE WHEN c.shared = 1 THEN 'shared' WHEN c.cookies = c.members THEN 'anonymous' ELSE 'person' END AS kind,
  CASE WHEN s.grp IS NULL THEN 'provisional' ELSE 'confirmed' END AS state,
  c.members AS members, c.cookies AS cookies, c.emails AS emails, c.phones AS phones, c.external_ids AS external_ids,
  c.first_seen AS first_seen, c.last_seen AS last_seen, c.site_low AS site_low, c.site_high AS site_high, c.weakest AS weakest
FROM counted c
JOIN profile_name n ON n.grp = c.grp
LEFT JOIN same s ON s.grp = c.grp`,
    },
    {
      name: 'profile_sites',
      sql: (d) => `
WITH one AS (
  SELECT m.grp AS grp, i.node AS node, i.site_low AS site, i.site_low <> i.site_high AS several
  FROM identifier i JOIN (
    SELECT m.node AS node, m.grp AS grp
    FROM membership m JOIN profile p ON p.grp = m.grp AND p.site_low <> p.site_high
  ) m ON m.node = i.node
), sites AS (
  SELECT grp, site FROM one WHERE NOT several
  UNION ALL SELECT o.grp, ${d.eachOf('s.sites')} FROM one o JOIN identifier_sites s ON s.node = o.node WHERE o.several
)
SELECT grp, ${d.distinctList('site')} AS sites FROM sites GROUP BY grp`,
    },
    {
      name: 'inferred',
      sql: () => `
SELECT f.grp AS grp, j.from_node AS from_node, j.to_node AS to_node, j.evidence AS evidence
FROM alike_join j
JOIN membership f ON f.node = j.from_node
JOIN membership t ON t.node = j.to_node AND t.grp = f.grp`,
    },
    crowdStage,
    { name: 'promiscuity', sql: () => PROMISCUITY },
    { name: 'reason', sql: () => reasons(policy) },
  ]
}

const reasons = (policy: Policy): string => `
WITH inside AS (
  SELECT w.from_node AS a, w.to_node AS b, w.kind AS kind, w.evidence AS evidence, w.first_seen AS first_seen, 0 AS inferred
  FROM worth w
  JOIN membership f ON f.node = w.from_node
  JOIN membership t ON t.node = w.to_node AND t.grp = f.grp
  WHERE w.evidence >= ${policy.mergeEvidence}
  UNION ALL SELECT from_node, to_node, ${ALIKE_KIND}, evidence, 0, 1 FROM inferred
), either AS (
  SELECT a AS node, b AS other, kind, evidence, first_seen, inferred FROM inside
  UNION ALL SELECT b, a, kind, evidence, first_seen, inferred FROM inside
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY node ORDER BY inferred, evidence DESC, first_seen, other, kind) AS place
  FROM either
)
SELECT node, other, kind, evidence FROM ranked WHERE place = 1`

const PROMISCUITY = `
SELECT witness AS node, max(people) AS people FROM crowd GROUP BY witness
UNION ALL
SELECT node, max(people) FROM (
  SELECT e.to_node AS node, e.day AS day, CAST(count(DISTINCT e.from_node) AS INTEGER) AS people
  FROM day_edge e JOIN member f ON f.node = e.from_node AND f.cookie = 1
  WHERE e.member GROUP BY e.to_node, e.day
) GROUP BY node`

function countOf(type: string): string {
  return `count(*) FILTER (WHERE i.type = '${type}')`
}

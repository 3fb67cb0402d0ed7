// The partition of a run against the live one: which profiles it confirms, and whose it cannot.
// Invariant: a profile is the same only if it has the same members, no more and no fewer, held as strongly.

import { ID_CHARACTERS, ID_MARK } from '../../core/profile/profile-id.ts'
import type { Dialect } from '../../ports/batch-engine.ts'
import type { Stage } from '../stage.ts'
import { keySql } from './log.ts'

/**
 * Needs `live_member` (id, profile) and `live_profile` (profile, profile_id, confirmed, revision, weakest). Makes `group_size`,
 * `same` (grp, profile), and of what is not the same `differing` (grp, profile, members in common), `odd_group` and
 * `odd_profile`: nearly nothing, where a run comes to what there is. Who is in a group that is the same is in that profile.
 */
export const overlapStages: readonly Stage[] = [
  {
    name: 'group_size',
    sql: () =>
      'SELECT grp, count(*) AS members, any_value(weakest) AS weakest FROM membership GROUP BY grp',
  },
  {
    name: 'overlap',
    sql: () => `
SELECT m.grp AS grp, l.profile AS profile, count(*) AS members
FROM identifier i
JOIN live_member l ON l.id = i.id
JOIN membership m ON m.node = i.node
GROUP BY m.grp, l.profile`,
  },
  {
    name: 'same',
    sql: () => `
SELECT o.grp AS grp, o.profile AS profile
FROM overlap o
JOIN group_size g ON g.grp = o.grp AND g.members = o.members
JOIN (SELECT profile, count(*) AS members FROM live_member GROUP BY profile) l
  ON l.profile = o.profile AND l.members = o.members
JOIN live_profile p ON p.profile = o.profile AND (o.members = 1 OR p.weakest = g.weakest)`,
  },
  {
    name: 'differing',
    sql: () => 'SELECT grp, profile, members FROM overlap WHERE grp NOT IN (SELECT grp FROM same)',
  },
  {
    name: 'odd_group',
    sql: () => 'SELECT grp FROM group_size WHERE grp NOT IN (SELECT grp FROM same)',
  },
  {
    name: 'odd_profile',
    sql: () => 'SELECT profile FROM live_profile WHERE profile NOT IN (SELECT profile FROM same)',
  },
]

/** Profiles that the run confirms and that are not confirmed yet. */
export const TO_CONFIRM_SQL = `
SELECT p.profile_id AS profile, p.revision AS revision
FROM same s JOIN live_profile p ON p.profile = s.profile WHERE p.confirmed = 0 ORDER BY p.profile`

/** Members of groups that are no profile, those of one profile together. */
export const doubtfulSql = (d: Dialect, account: string): string => `
SELECT ${keySql(d, account, 'i')} AS key
FROM identifier i
JOIN (SELECT m.node AS node FROM membership m JOIN odd_group o ON o.grp = m.grp) n ON n.node = i.node
LEFT JOIN (SELECT l.id AS id, l.profile AS profile FROM live_member l JOIN odd_profile p ON p.profile = l.profile) f
  ON f.id = i.id
ORDER BY f.profile, i.node`

/** grp, profile, members: of what differs, the profiles that live on, each in the group that takes over its id. */
export const LIVING_ON_SQL = `
  SELECT grp, profile, members FROM (
    SELECT o.grp AS grp, o.profile AS profile, o.members AS members,
      row_number() OVER (PARTITION BY o.grp ORDER BY o.members DESC, p.profile_id) AS of_group,
      row_number() OVER (PARTITION BY o.profile ORDER BY o.members DESC, o.grp) AS of_profile
    FROM live_profile p JOIN differing o ON o.profile = p.profile
  ) ranked WHERE of_group = 1 AND of_profile = 1`

/**
 * `named`: grp, profile (NULL for a group that takes over no profile's id). An id goes to the group that holds most of
 * the profile's members, and a group takes that of which it holds most; ties by id and by smallest member.
 */
export const namedStage: Stage = {
  name: 'named',
  sql: () => `
WITH given AS (
  SELECT grp, profile FROM same
  UNION ALL
  SELECT grp, profile FROM (${LIVING_ON_SQL}) living_on
)
SELECT g.grp AS grp, v.profile AS profile
FROM group_size g LEFT JOIN given v ON v.grp = g.grp`,
}

/** `founder`: grp, key, of groups that take over no id. */
export const founderStage = (account: string): Stage => ({
  name: 'founder',
  sql: (d) => founders(d, account),
})

const founders = (d: Dialect, account: string): string => `
WITH ranked AS (
  SELECT m.grp AS grp, i.node AS node, row_number() OVER (PARTITION BY m.grp ORDER BY i.received_at, i.node) AS place
  FROM identifier i
  JOIN membership m ON m.node = i.node
  JOIN named n ON n.grp = m.grp AND n.profile IS NULL
)
SELECT r.grp AS grp, ${keySql(d, account, 'i')} AS key FROM identifier i JOIN ranked r ON r.node = i.node AND r.place = 1`

/** The table of the ids of an attempt. */
export const mintedTable = (attempt: number): string => `minted_${attempt}`

/**
 * grp, profile_id: the ids of an attempt that nobody has, for founders whom no attempt before it has named; as `mintWith`
 * makes them. Needs `minting` (prefix), `founder`, `live_profile`.
 */
export function mintedStage(attempt: number): Stage {
  const before = Array.from({ length: attempt }, (_, i) => mintedTable(i))
  const taken = ['live_profile', ...before].map((table) => `SELECT profile_id FROM ${table}`)
  const named = before.map((table) => `AND f.grp NOT IN (SELECT grp FROM ${table})`)
  return {
    name: mintedTable(attempt),
    sql: (d) => `
WITH made AS (
  SELECT f.grp AS grp, concat('${ID_MARK}', substr(${d.sha256(`concat(m.prefix, f.key, '${attempt}')`)}, 1, ${ID_CHARACTERS})) AS profile_id
  FROM founder f JOIN minting m ON true ${named.join(' ')}
), placed AS (
  SELECT grp, profile_id, row_number() OVER (PARTITION BY profile_id ORDER BY grp) AS place FROM made
)
SELECT grp, profile_id FROM placed WHERE place = 1 AND profile_id NOT IN (${taken.join(' UNION ALL ')})`,
  }
}

/** `profile_name`: grp, profile_id; out of so many attempts. */
export function profileNameStage(attempts: number): Stage {
  const minted = Array.from(
    { length: attempts },
    (_, i) => `UNION ALL SELECT grp, profile_id FROM ${mintedTable(i)}`,
  )
  return {
    name: 'profile_name',
    sql: () => `
SELECT n.grp AS grp, p.profile_id AS profile_id FROM named n JOIN live_profile p ON p.profile = n.profile
${minted.join('\n')}`,
  }
}

// The tables of the live graph in SQLite, as numbered steps: a database is brought from its format to ours by the rest.
// Invariant: a released step is never edited; a change of the tables is a new step at the end.

import type { Contents } from './open-database.ts'

/** "Self". */
const APPLICATION_ID = 0x53656c66

/**
 * Why it looks as it does: inside, nodes and profiles go by small ascending numbers, so that what arrives together
 * lies together and a commit touches few pages. Keys and profile ids are random, hence their indices hold only a few
 * bytes of each and stay in memory; the rest of the key is compared at the row. Nothing else random is indexed.
 *
 * - `node.component`, `node.anchor`: NULL when it is the node itself, as for most. A witness has neither profile nor
 *   component. The component is a key, not a number, since its name may outlive the node.
 * - `..._after_ms`: distance to `first_seen`, which is 0 for most and takes no room then.
 * - `edge.kind`, `profile.kind` … are codes, `days` is one number or a blob, hashes are blobs: columns.ts.
 * - `sighting`: by day first, since what is written is nearly always of the latest days. `from_order`: the first 48 bits of the key of `from`, so that a crowd reads in order of keys, up to a limit.
 * - `tally`: one row; counts, and the last numbers given out. Numbers are never given out again.
 */
const FIRST_FORMAT = `
CREATE TABLE node (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL,
  type TEXT NOT NULL,
  namespace TEXT NOT NULL,
  value TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_after_ms INTEGER NOT NULL,
  received_after_ms INTEGER NOT NULL,
  sites TEXT NOT NULL,
  profile INTEGER,
  member INTEGER NOT NULL,
  component BLOB,
  anchor INTEGER,
  quarantined INTEGER NOT NULL,
  version INTEGER NOT NULL
);
CREATE INDEX node_by_key ON node (substr(key, 1, 6));
CREATE INDEX node_by_component ON node (component) WHERE component IS NOT NULL;
CREATE INDEX node_by_profile ON node (profile) WHERE profile IS NOT NULL;

CREATE TABLE edge (
  from_id INTEGER NOT NULL,
  to_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_after_ms INTEGER NOT NULL,
  count INTEGER NOT NULL,
  sites TEXT NOT NULL,
  first_event TEXT NOT NULL,
  last_event TEXT,
  days NUMERIC NOT NULL,
  PRIMARY KEY (from_id, to_id, kind)
) WITHOUT ROWID;
CREATE INDEX edge_into_member ON edge (to_id) WHERE kind < 32;

CREATE TABLE sighting (
  day INTEGER NOT NULL,
  identifier_id INTEGER NOT NULL,
  from_order INTEGER NOT NULL,
  from_id INTEGER NOT NULL,
  hours INTEGER NOT NULL,
  PRIMARY KEY (day, identifier_id, from_order, from_id)
) WITHOUT ROWID;

CREATE TABLE profile (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  founder BLOB NOT NULL,
  founded_at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  size INTEGER NOT NULL,
  weakest INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  redirect INTEGER,
  version INTEGER NOT NULL
);
CREATE INDEX profile_by_name ON profile (substr(name, -8));

CREATE TABLE change (
  sequence INTEGER PRIMARY KEY,
  profile INTEGER NOT NULL,
  event INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  from_names TEXT,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX change_by_profile ON change (profile);

CREATE TABLE question (
  id TEXT PRIMARY KEY,
  a_id INTEGER NOT NULL,
  b_id INTEGER NOT NULL,
  guard TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX question_by_a ON question (a_id);
CREATE INDEX question_by_b ON question (b_id);

CREATE TABLE verdict (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE verdict_member (
  key BLOB NOT NULL,
  verdict TEXT NOT NULL,
  PRIMARY KEY (key, verdict)
) WITHOUT ROWID;
CREATE INDEX verdict_member_by_verdict ON verdict_member (verdict);

CREATE TABLE waiting (component BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE position (source TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  nodes INTEGER NOT NULL,
  edges INTEGER NOT NULL,
  profiles INTEGER NOT NULL,
  questions INTEGER NOT NULL,
  verdicts INTEGER NOT NULL,
  last_node INTEGER NOT NULL,
  last_profile INTEGER NOT NULL,
  removals INTEGER NOT NULL
);
INSERT INTO tally VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0);
PRAGMA application_id = ${APPLICATION_ID};
`

/** `node.clues`: four bytes each, NULL for none; last, since what stands before it is read more often. */
const CLUES = 'ALTER TABLE node ADD COLUMN clues BLOB;'

/** Questions by worth; those from before count as about one cookie on each side until they are asked again. */
const WORTH = `
ALTER TABLE question ADD COLUMN scored_by TEXT;
ALTER TABLE question ADD COLUMN worth INTEGER NOT NULL DEFAULT 1;
UPDATE question SET worth = max(1, CAST(4e6 * exp(-evidence / 1e6) * (1 - exp(-evidence / 1e6)) AS INTEGER));
CREATE INDEX question_by_worth ON question (worth DESC, id);
`

/** Verdicts by when they were given, and by the question they answer. */
const VERDICTS = `
CREATE INDEX verdict_by_order ON verdict (json_extract(record, '$.order'));
CREATE INDEX verdict_by_question ON verdict (json_extract(record, '$.question.id'))
WHERE json_extract(record, '$.question.id') IS NOT NULL;
`

/**
 * The feed has more than profiles: rows of others have the profile 0, which is nobody's, and a `subject`. The epoch tells
 * one feed from another; `boot` is the start of the machine under which it was written last, NULL where nobody knows.
 */
const FEED = `
ALTER TABLE change ADD COLUMN subject TEXT;
CREATE TABLE epoch (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  name TEXT NOT NULL,
  boot TEXT
);
INSERT INTO epoch VALUES (1, lower(hex(randomblob(5))), NULL);
`

/** A power cut may take back the latest commits: the log position in each says from where to replay. */
export const GRAPH: Contents = {
  name: 'identity store',
  cure: 'delete it and rebuild it from the log',
  applicationId: APPLICATION_ID,
  migrations: [FIRST_FORMAT, CLUES, WORTH, VERDICTS, FEED],
  synchronous: 'NORMAL',
}

// The log as columns, for engines that compute over all of it: Parquet files with what was taken from each message, and
// what these say of identifiers and edges, added up. Invariant: together the parts hold every record once.

import type { Position } from './event-log.ts'

/**
 * Records `first` to `last`, both inclusive, as three Parquet files. Identifiers go by number: the first 64 bits of their
 * key as a signed whole number, in the order of keys.
 *
 * - `events`: a row a record: position, id, site, kind (`message`, `decision`), type, name, at, received_at (TIMESTAMP),
 *   cookie (number), named (numbers of the other members), clues (list of
 *   whole numbers from 0 to 2^32 − 1, what the message told of its cookie; NULL or empty for none), page_url, page_host, page_query (from its first `?`,
 *   `&` or `#` on; NULL where nothing is asked), referrer_host, campaign_…, revenue, currency, traits, context_traits,
 *   verified (it was an act that shows that its sender has what it names), decision (JSON).
 * - `identifiers`: id, key, type, namespace, value, site, first_seen, last_seen, received_at (ms); a row an identifier
 *   and site.
 * - `edges`: from_id, to_id, kind, site, day (UTC), hours (mask of 24 bits), first_seen, last_seen (ms), count; a row
 *   each of the first five.
 */
export interface LogColumns {
  readonly first: Position
  readonly last: Position
  readonly events: string
  readonly identifiers: string
  readonly edges: string
}

export interface ColumnsAsked {
  readonly upTo: Position
  /** Positions at which a part shall begin: what came before such a decision is told from what came after. */
  readonly cuts: readonly Position[]
  /** An empty directory for what is not in columns yet; the caller removes it. */
  readonly scratch: string
}

export interface ColumnarLog {
  /**
   * Parts in the order of their records. Files that were written before there was a column lack it; then there is a part
   * that has all columns, if need be one without records.
   * They stay as they are, whatever is appended meanwhile.
   */
  columns(asked: ColumnsAsked): Promise<readonly LogColumns[]>
}

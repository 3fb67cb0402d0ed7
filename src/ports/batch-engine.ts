// An engine that computes over all of the log at once: tables by SQL, and their whole numbers as typed arrays.
// Invariant: a table is there whole or not at all.

/** Names what an engine writes otherwise than the others; what is not in it all of them understand. */
export interface Dialect {
  /**
   * A table of Parquet files, as it stands in a FROM, with the path of each row's file as `filename`. Columns go by name; one
   * that some of the files lack is NULL there.
   */
  parquet(paths: readonly string[]): string
  /** Aggregate: the different values as a sorted list. */
  distinctList(value: string): string
  /** In a SELECT: a row for each entry of a list. */
  eachOf(list: string): string
  /** Whether two lists have an entry in common. */
  overlap(a: string, b: string): string
  /** The number of entries of a list. */
  lengthOf(list: string): string
  /** The SHA-256 of a text, in hex. */
  sha256(text: string): string
  /** A number of 64 bits that two different texts hardly ever have in common. */
  fingerprint(text: string): string
  /** `bits` moved up by so many places. */
  shiftLeft(bits: string, places: number): string
  /** Whole part of a division of two whole numbers that are not negative. */
  wholeDivision(a: string, b: string): string
  /** A whole number of ms since the epoch as a TIMESTAMP of UTC. */
  timestamp(ms: string): string
  /**
   * A query: the rows of a table once for each path at which its column `json` holds something, with `place`, the number of
   * the path from 0, and `text`: texts as they are, numbers and booleans as JSON has them (a number in its shortest form,
   * a whole one without a point); NULL for an object, a list, and a number past 2^53. What is no JSON holds nothing.
   */
  jsonTexts(table: string, json: string, paths: readonly (readonly string[])[]): string
  /** A list of an entry and those of another list after it. */
  listFrom(first: string, rest: string): string
  /** A list of texts with nothing in it. */
  readonly noTexts: string
  /** Aggregate: values in an order, without those where the condition does not hold. */
  listBy(value: string, order: string, condition: string): string
  /** A struct. */
  struct(fields: Readonly<Record<string, string>>): string
  /** Every match of a pattern in a text replaced; the pattern and what replaces it as they are, not as SQL. */
  replaceAll(text: string, pattern: string, by: string): string
  /** Whether a text has a match of a pattern. */
  matches(text: string, pattern: string): string
  /** A text with its `%XX` decoded; as it is where these are no UTF-8. */
  urlDecoded(text: string): string
  /** The whole numbers from one to another, both inclusive, as a list. */
  numbers(from: string, to: string): string
  /** Text, as a literal. */
  text(value: string): string
}

/** The values of one column that is put into a table. */
export type ColumnValues = Int32Array | BigInt64Array | readonly string[]

/** Statements are written for an engine that joins in the order given and holds the right side of a join in memory. */
export interface BatchEngine {
  readonly dialect: Dialect
  /** Makes a table of a query's rows; how many there are. */
  make(table: string, sql: string): Promise<number>
  /** Makes a table of arrays of one length: INTEGER, BIGINT and VARCHAR. */
  put(table: string, columns: Readonly<Record<string, ColumnValues>>): Promise<void>
  /** Adds rows to a table that was put. */
  add(table: string, columns: Readonly<Record<string, ColumnValues>>): Promise<void>
  /** All rows of a query whose columns are INTEGER without NULL, a typed array a column. */
  integers(sql: string): Promise<readonly Int32Array[]>
  /**
   * All rows of a query, for results that fit in memory, as the caller knows their columns. INTEGER and DOUBLE are
   * numbers; BIGINT is not allowed.
   */
  rows<Row>(sql: string): Promise<readonly Row[]>
  /** Gives a table's memory back. */
  drop(table: string): Promise<void>
  /** Writes a query's rows as Parquet files into a directory that is there; how many rows. */
  write(sql: string, directory: string): Promise<number>
  close(): Promise<void>
}

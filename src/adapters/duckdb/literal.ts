// Text from outside as a part of SQL.

/** A string as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A path as DuckDB reads it where it would take it for a pattern. */
export function unpatterned(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]')
}

/** A name of a table or a column. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A list of strings as an SQL literal. */
export function literals(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`
}

/** A string that no check of the statement's words can take for a part of it: by its bytes. */
export function bytesLiteral(text: string): string {
  return `decode(unhex('${Buffer.from(text).toString('hex')}'))`
}

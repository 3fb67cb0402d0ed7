// The truth as a CSV file: `identifier,person`, `cookie,person` or `event_id,person`, read in pieces.
// Invariant: a row is given out once it is complete, however the pieces were cut; the first problem ends the reading.

/** What the rows are about; the head of the file says it. */
export type TruthKind = 'identifier' | 'cookie' | 'event_id'

export interface TruthRow {
  /** `TYPE:VALUE` (of a cookie file too: `cookie:VALUE`), or the id of an event. */
  readonly subject: string
  readonly person: string
  /** Where it begins, from 1. */
  readonly line: number
}

export interface TruthProblem {
  readonly reason: 'no_head' | 'wrong_head' | 'wrong_fields' | 'empty_field' | 'quotes'
  readonly line: number
  /** A sentence that names the line and what is allowed. */
  readonly message: string
}

const KINDS: readonly TruthKind[] = ['identifier', 'cookie', 'event_id']
const HEADS = KINDS.map((kind) => `"${kind},person"`).join(', ')
/** A quote that is never closed would otherwise take the rest of the file for one row. */
const ROW_CHARACTERS_MAX = 16_384
const SHOWN_CHARACTERS_MAX = 60

/** Feed it pieces of the text, then `end()`; look at `problem` after each. */
export class TruthReader {
  #rest = ''
  #line = 1
  #kind: TruthKind | null = null
  #problem: TruthProblem | null = null

  /** Null until the head was read. */
  get kind(): TruthKind | null {
    return this.#kind
  }

  /** What ended the reading; null as long as all is well. */
  get problem(): TruthProblem | null {
    return this.#problem
  }

  /** The rows that became complete with this piece. */
  *read(piece: string): Generator<TruthRow, void> {
    const text = this.#rest + piece
    let start = 0
    for (;;) {
      const end = rowEnd(text, start)
      if (end < 0 || this.#problem !== null) break
      const row = this.#take(text.slice(start, end))
      start = end + 1
      if (row !== null) yield row
    }
    this.#rest = text.slice(start)
    if (this.#rest.length > ROW_CHARACTERS_MAX) this.#unclosed(this.#line)
  }

  /** The last row, if no line feed ended it. */
  *end(): Generator<TruthRow, void> {
    const row = this.#problem === null && this.#rest !== '' ? this.#take(this.#rest) : null
    this.#rest = ''
    if (row !== null) yield row
    if (this.#problem === null && this.#kind === null) {
      this.#fail('no_head', 1, `the file is empty; its first line must be one of ${HEADS}`)
    }
  }

  #take(text: string): TruthRow | null {
    const line = this.#line
    this.#line += 1 + count(text, '\n')
    const row = text.endsWith('\r') ? text.slice(0, -1) : text
    if (this.#kind === null) return this.#readHead(row, line)
    if (row.trim() === '') return null
    const fields = fieldsOf(row)
    if (fields === null) return this.#unclosed(line)
    const [subject, person] = fields.map((field) => field.trim())
    if (fields.length !== 2 || subject === undefined || person === undefined) {
      const found = `has ${fields.length === 1 ? '1 field' : `${fields.length} fields`}`
      return this.#fail('wrong_fields', line, `${found}, not the two of "${this.#kind},person"`)
    }
    if (subject === '' || person === '') {
      return this.#fail('empty_field', line, `has no ${subject === '' ? this.#kind : 'person'}`)
    }
    return { subject: this.#kind === 'cookie' ? `cookie:${subject}` : subject, person, line }
  }

  #readHead(row: string, line: number): null {
    const head = row.startsWith('\uFEFF') ? row.slice(1) : row
    const names = fieldsOf(head)?.map((name) => name.trim().toLowerCase()) ?? []
    const kind = KINDS.find((one) => one === names[0])
    if (kind !== undefined && names.length === 2 && names[1] === 'person') {
      this.#kind = kind
      return null
    }
    const shown = head.slice(0, SHOWN_CHARACTERS_MAX)
    return this.#fail('wrong_head', line, `is "${shown}"; it must be one of ${HEADS}`)
  }

  #unclosed(line: number): null {
    return this.#fail(
      'quotes',
      line,
      'has a quote that is not closed, or text beside quotes, or no end',
    )
  }

  #fail(reason: TruthProblem['reason'], line: number, fact: string): null {
    this.#problem ??= { reason, line, message: `line ${line} ${fact}` }
    return null
  }
}

/** Index of the line feed that ends the row which begins at `start`; -1 when it is not there yet. */
function rowEnd(text: string, start: number): number {
  let from = start
  for (;;) {
    const feed = text.indexOf('\n', from)
    // looked for in this line only: to the end of the text it would be read once a row
    const quote = feed < 0 ? -1 : text.slice(from, feed).indexOf('"')
    if (quote < 0) return feed
    const close = text.indexOf('"', from + quote + 1)
    if (close < 0) return -1
    from = close + 1
  }
}

function count(text: string, character: string): number {
  let found = 0
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++
  return found
}

/** The fields of a row; null when its quotes make no sense. */
function fieldsOf(row: string): string[] | null {
  if (!row.includes('"')) return row.split(',')
  const fields: string[] = []
  let at = 0
  for (;;) {
    const found = row[at] === '"' ? quotedField(row, at) : plainField(row, at)
    if (found === null) return null
    fields.push(found.field)
    if (found.end >= row.length) return fields
    if (row[found.end] !== ',') return null
    at = found.end + 1
  }
}

interface Field {
  readonly field: string
  /** Index behind it: of a comma, or the row's length. */
  readonly end: number
}

function plainField(row: string, at: number): Field | null {
  const comma = row.indexOf(',', at)
  const end = comma < 0 ? row.length : comma
  const field = row.slice(at, end)
  return field.includes('"') ? null : { field, end }
}

/** `""` inside is one quote. */
function quotedField(row: string, at: number): Field | null {
  let close = row.indexOf('"', at + 1)
  while (close >= 0 && row[close + 1] === '"') close = row.indexOf('"', close + 2)
  if (close < 0) return null
  return { field: row.slice(at + 1, close).replaceAll('""', '"'), end: close + 1 }
}

// Rows as text, a page at a time: a table, CSV, JSON. Invariant: nothing but a page is held.

import type { Answer, JsonValue } from '../../../adapters/duckdb/index.ts'
import { oneLine, tableLines } from '../terminal/table.ts'

/** Rows a table is fitted for at once. */
const TABLE_ROWS = 1_000

interface Taken {
  rows: number
  /** There are rows past the limit. */
  more: boolean
  /** A cell was cut to fit. */
  cut: boolean
}

/** `rowsMax`: rows at most. `taken` is kept up to date. */
export interface TakeOptions {
  readonly rowsMax: number
  readonly taken: Taken
}

export interface Look {
  /** Of a line, in characters. */
  readonly width: number
  readonly head: (line: string) => string
}

export async function* tableText(
  answer: Answer,
  options: TakeOptions,
  { width, head }: Look,
): AsyncGenerator<string> {
  if (answer.isPlan) {
    for await (const rows of atMost(answer.texts(), options)) {
      for (const row of rows)
        yield `${linesOf(row.at(-1) ?? '')
          .map(oneLine)
          .join('\n')}\n`
    }
    return
  }
  const heads = answer.columns.map(({ name, isNumber }) => {
    return { head: oneLine(name), align: isNumber ? ('right' as const) : ('left' as const) }
  })
  let isFirst = true
  for await (const block of inBlocks(atMost(answer.texts(), options), TABLE_ROWS)) {
    const rows = block.map((row) => row.map((cell) => cell ?? 'NULL'))
    const [first = '', ...rest] = tableLines(heads, rows, width)
    options.taken.cut ||= rest.some((line) => line.includes('…'))
    yield [...(isFirst ? [] : ['']), head(first), ...rest, ''].join('\n')
    isFirst = false
  }
  if (isFirst) yield `${head(tableLines(heads, [], width)[0] ?? '')}\n`
}

function linesOf(text: string): string[] {
  return text.trimEnd().split('\n')
}

/** RFC 4180, with a head; NULL is an empty field, an empty text is "". */
export async function* csvText(answer: Answer, options: TakeOptions): AsyncGenerator<string> {
  yield csvLine(answer.columns.map(({ name }) => name))
  for await (const rows of atMost(answer.texts(), options)) yield rows.map(csvLine).join('')
}

function csvLine(row: readonly (string | null)[]): string {
  return `${row.map(csvField).join(',')}\r\n`
}

function csvField(text: string | null): string {
  if (text === null) return ''
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One array of objects, on one line. */
export async function* jsonText(answer: Answer, options: TakeOptions): AsyncGenerator<string> {
  const names = answer.columns.map(({ name }) => `${JSON.stringify(name)}:`)
  const object = (row: readonly JsonValue[]): string =>
    `{${row.map((value, i) => `${names[i] ?? ''}${JSON.stringify(value)}`).join(',')}}`
  let before = '['
  for await (const rows of atMost(answer.values(), options)) {
    yield `${before}${rows.map(object).join(',')}`
    before = ','
  }
  yield before === '[' ? '[]\n' : ']\n'
}

/** The first rows; looks one further, to know whether there are more. */
async function* atMost<T>(
  pages: AsyncGenerator<readonly T[]>,
  { rowsMax, taken }: TakeOptions,
): AsyncGenerator<readonly T[]> {
  for await (const page of pages) {
    const room = rowsMax - taken.rows
    taken.more = page.length > room
    const rows = taken.more ? page.slice(0, room) : page
    taken.rows += rows.length
    if (rows.length > 0) yield rows
    if (taken.more) return
  }
}

async function* inBlocks<T>(
  pages: AsyncGenerator<readonly T[]>,
  rowsMax: number,
): AsyncGenerator<readonly T[]> {
  let block: T[] = []
  for await (const page of pages) {
    block.push(...page)
    while (block.length >= rowsMax) {
      yield block.slice(0, rowsMax)
      block = block.slice(rowsMax)
    }
  }
  if (block.length > 0) yield block
}

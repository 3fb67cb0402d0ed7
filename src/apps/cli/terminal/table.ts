// Tables that fit the terminal: the widest columns give way first, and a cut cell says so.

export interface Column {
  readonly head: string
  readonly align?: 'left' | 'right'
  /** It is cut last, and never below this many characters. */
  readonly widthMin?: number
}

const GAP = '  '
const WIDTH_MIN = 6

/** Lines of a table, its head first; no line is wider than `width` as long as the columns' least widths allow it. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const clean = rows.map((row) => columns.map((_, i) => oneLine(row[i] ?? '')))
  const natural = columns.map(({ head }, i) => {
    return Math.max(head.length, ...clean.map((row) => row[i]?.length ?? 0))
  })
  const widths = fitted(columns, natural, width - GAP.length * (columns.length - 1))
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => cell(cells[i] ?? '', widths[i] ?? 0, align ?? 'left'))
      .join(GAP)
      .trimEnd()
  return [line(columns.map(({ head }) => head)), ...clean.map(line)]
}

function fitted(columns: readonly Column[], natural: readonly number[], total: number): number[] {
  const widths = [...natural]
  const least = columns.map(({ widthMin = WIDTH_MIN }, i) => Math.min(widthMin, natural[i] ?? 0))
  for (let over = widths.reduce((sum, one) => sum + one, 0) - total; over > 0; over--) {
    let widest = -1
    widths.forEach((one, i) => {
      if (one > (least[i] ?? 0) && (widest < 0 || one > (widths[widest] ?? 0))) widest = i
    })
    if (widest < 0) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function cell(text: string, width: number, align: 'left' | 'right'): string {
  const cut = cutTo(text, width)
  return align === 'left' ? cut.padEnd(width) : cut.padStart(width)
}

/** The text, or its beginning with a mark that there is more. */
export function cutTo(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
}

// oxlint-disable-next-line no-control-regex -- a value from outside must not move the cursor
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g

/** A value from outside as it may be shown: on one line, without control characters. */
export function oneLine(text: string): string {
  return text.replaceAll(CONTROL, ' ')
}

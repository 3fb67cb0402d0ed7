// What was wrong with a query, with the place shown.

import { UserError } from '../../user-error.ts'
import { oneLine } from '../terminal/table.ts'

export interface QueryProblem {
  readonly message: string
  /** Where in the query, in code units; null where that is not known. */
  readonly position: number | null
  readonly hint: string | null
}

const INDENT = '  '
/** So much is shown before the place on a line that is too long. */
const LEAD_PART = 0.6

/** `width`: of a line of the terminal. */
export function queryMistake(
  sql: string,
  { message, position, hint }: QueryProblem,
  width: number,
): UserError {
  const said = oneLine(message)
  const options = hint === null ? {} : { hint: hint.split('\n').map(oneLine).join('\n') }
  if (position === null) return new UserError(said, options)
  const { line, column, text } = placeOf(sql, position)
  const room = width - INDENT.length
  const start = text.length <= room ? 0 : Math.max(0, column - Math.floor(room * LEAD_PART))
  // Character by character, so that the mark stays below its place.
  const shown = Array.from(text.slice(start, start + room), oneLine).join('')
  const before = Array.from(text.slice(start, column)).length
  return new UserError(
    `line ${line}, column ${Array.from(text.slice(0, column)).length + 1}: ${said}\n` +
      `${INDENT}${shown.trimEnd()}\n${INDENT}${' '.repeat(before)}^`,
    options,
  )
}

/** Lines from 1, columns from 0. */
function placeOf(
  sql: string,
  position: number,
): { readonly line: number; readonly column: number; readonly text: string } {
  const start = sql.slice(0, position).lastIndexOf('\n') + 1
  const end = sql.indexOf('\n', position)
  return {
    line: sql.slice(0, start).split('\n').length,
    column: position - start,
    text: sql.slice(start, end < 0 ? sql.length : end),
  }
}

// Where a command speaks: answers to standard output, all else to standard error, coloured for people only.

import { styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

export interface Terminal {
  /** Width of a line of the answer, in characters. */
  readonly width: number
  /** Of a line of a table that is not cut for whoever reads no terminal: another program, a file. */
  readonly tableWidth: number
  /** Somebody watches standard error: a progress line may move there. */
  readonly isWatched: boolean
  /** One line of the answer. */
  say(line: string): void
  /** One line beside the answer. */
  note(line: string): void
  /** Overwrites the moving line; empty takes it away. */
  moving(line: string): void
  /** For lines of the answer; plain text where colours are not wanted or not seen. */
  paint(style: Style, text: string): string
}

const WIDTH_DEFAULT = 100
const WIDTH_MIN = 40

export function processTerminal(): Terminal {
  const { stdout, stderr } = process
  const isWatched = stderr.isTTY && process.env['TERM'] !== 'dumb'
  let moved = false
  const moving = (line: string): void => {
    if (!isWatched || (line === '' && !moved)) return
    stderr.write(`\r\x1b[2K${line.slice(0, columnsOf(stderr) - 1)}`)
    moved = line !== ''
  }
  const width = Math.max(WIDTH_MIN, columnsOf(stdout))
  return {
    width,
    tableWidth: stdout.isTTY ? width : Infinity,
    isWatched,
    say: (line) => {
      moving('')
      stdout.write(`${line}\n`)
    },
    note: (line) => {
      moving('')
      stderr.write(`${line}\n`)
    },
    moving,
    // Heeds NO_COLOR and whether the stream is a terminal.
    paint: (style, text) => styleText(style, text, { stream: stdout }),
  }
}

/** A stream that is no terminal has no columns, whatever its type says. */
function columnsOf({ columns }: { readonly columns?: number }): number {
  return columns ?? WIDTH_DEFAULT
}

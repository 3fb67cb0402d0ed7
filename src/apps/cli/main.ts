#!/usr/bin/env node
// The entry of the command line: runs one command, and says in words what went wrong. A stack is shown for a bug only.

import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

import { CommanderError } from 'commander'

import { isFields } from '../../core/event/event.ts'
import { StoreError } from '../../ports/store-error.ts'
import { isSystemFailure, systemError, UserError } from '../user-error.ts'
import { createProgram } from './program.ts'
import { processTerminal } from './terminal/terminal.ts'

const BAD_USAGE = 2
const NODE_MIN = 24

if (Number.parseInt(process.versions.node, 10) < NODE_MIN) {
  process.stderr.write(
    `selfsame: it needs Node ${NODE_MIN} or later, and this is ${process.versions.node}\n`,
  )
  process.exit(1)
}

// Left alone, the heap of a long load grows to four times what is alive in it before it is collected.
setFlagsFromString('--heap-growing-percent=100')
// Left alone, seven threads mark what is alive, and on a few cores whoever waits for an answer waits for them.
setFlagsFromString('--concurrent-marking-max-worker-num=1')

const terminal = processTerminal()

// `selfsame … | head` closes the pipe early: that is no failure.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code === 'EPIPE') process.exit()
  throw cause
})

/** The version of the package this file is part of, from source as well as built. */
function packageVersion(): string {
  const file: unknown = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  )
  return isFields(file) && typeof file['version'] === 'string' ? file['version'] : 'unknown'
}

const program = createProgram({
  version: packageVersion(),
  terminal,
  environment: process.env,
  exit: (code) => {
    process.exitCode = code
  },
})

try {
  await program.parseAsync()
} catch (cause) {
  process.exitCode = sayFailure(cause)
}

function sayFailure(cause: unknown): number {
  // Commander has said what is wrong already, or shown the help that was asked for.
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : BAD_USAGE
  if (cause instanceof UserError) {
    terminal.note(`selfsame: ${cause.message}`)
    if (cause.hint !== null) terminal.note(cause.hint)
    return cause.exitCode
  }
  if (cause instanceof StoreError) {
    terminal.note(`selfsame: ${cause.message}`)
    return 1
  }
  if (isSystemFailure(cause)) {
    terminal.note(`selfsame: ${systemError('go on', cause).message}`)
    return 1
  }
  terminal.note('selfsame: this is a bug in Selfsame; please report it with what follows')
  terminal.note(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
  return 1
}

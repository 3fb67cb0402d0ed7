// What every command of the program is made with.

import type { Command } from 'commander'

import { calledAs, type Invocation } from './invocation.ts'
import type { Terminal } from './terminal/terminal.ts'

export interface ProgramParts {
  readonly version: string
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Told the exit code of the command that ran. */
  readonly exit: (code: number) => void
}

export const DATA_DIRECTORY = './selfsame-data'

type GlobalOptions = Partial<Record<'data' | 'config' | 'account', string>> & { json?: boolean }

export function invocationOf(
  command: Command,
  { terminal, environment }: ProgramParts,
): Invocation {
  const { data, config, account, json = false } = command.optsWithGlobals<GlobalOptions>()
  const named = data ?? environment['SELFSAME_DATA']
  return {
    dataDirectory: named ?? DATA_DIRECTORY,
    dataNamed: named !== undefined,
    dataTyped: data === undefined ? '' : ` --data ${data}`,
    configurationFile: config,
    account,
    json,
    terminal,
    calledAs: calledAs(environment),
    environment,
  }
}

/** For the end of a command's help. */
export function example(...lines: readonly string[]): string {
  return `\nFor example:\n${lines.map((line) => `  ${line}`).join('\n')}`
}

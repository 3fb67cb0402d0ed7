// The configuration file: read, held against its schema, refused with every problem it has.

import { readFile } from 'node:fs/promises'

import { parseSettings, type Settings, type SettingsProblem, type Stack } from '../../core/index.ts'
import { systemCodeOf, systemError, UserError } from '../user-error.ts'

/** Looked for in the working directory when no file is named. */
const CONFIGURATION_FILE = 'selfsame.config.json'

export interface Configuration {
  /** Null when no file is named and there is none. */
  readonly settings: Settings | null
  readonly stack: Stack
}

type Environment = Readonly<Record<string, string | undefined>>

/** Where data is kept, which may hold passwords, can be said by the environment. */
const OF_ENVIRONMENT: Readonly<Record<string, string>> = {
  SELFSAME_LOG: 'log',
  SELFSAME_REGISTRY: 'registry',
  SELFSAME_GRAPH: 'graph',
}

/** What the named file says, or the default one. @throws {UserError} */
export async function readConfiguration(
  named: string | undefined,
  environment: Environment,
): Promise<Configuration> {
  const path = named ?? CONFIGURATION_FILE
  const text = await textOf(path, named !== undefined)
  const json: unknown = text === null ? {} : jsonOf(path, text)
  const variables = Object.keys(OF_ENVIRONMENT).filter((name) => environment[name] !== undefined)
  const said = variables.map((name) => [OF_ENVIRONMENT[name], environment[name]] as const)
  const whole: unknown =
    typeof json === 'object' && json !== null && said.length > 0
      ? { ...json, ...Object.fromEntries(said) }
      : json
  const parsed = parseSettings(whole)
  if (parsed.ok) return { settings: text === null ? null : parsed.settings, stack: parsed.stack }
  const from = [...(text === null ? [] : [path]), ...variables.map((name) => `$${name}`)].join(', ')
  throw new UserError(`the configuration ${from} is refused:\n${listed(parsed.problems)}`, {
    exitCode: 2,
  })
}

/** Null when it is not there and need not be. */
async function textOf(path: string, isNamed: boolean): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (!isNamed && systemCodeOf(cause) === 'ENOENT') return null
    throw systemError(`read the configuration ${path}`, cause)
  }
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`the configuration ${path} is no JSON: ${what}`, { exitCode: 2, cause })
  }
}

function listed(problems: readonly SettingsProblem[]): string {
  return problems
    .map(({ message, allowed }) => `  ${message}${allowed === '' ? '' : `; allowed: ${allowed}`}`)
    .join('\n')
}

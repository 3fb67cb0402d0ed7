// The configuration file: read, held against its schema, refused with every problem it has.

import { readFile } from 'node:fs/promises'

import { parseSettings, type Settings, type SettingsProblem } from '../../core/index.ts'
import { systemCodeOf, systemError, UserError } from '../user-error.ts'

/** Looked for in the working directory when no file is named. */
const CONFIGURATION_FILE = 'selfsame.config.json'

/** The settings of the named file, or of the default one; null when no file is named and there is none. */
export async function readConfiguration(named: string | undefined): Promise<Settings | null> {
  const path = named ?? CONFIGURATION_FILE
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (named === undefined && systemCodeOf(cause) === 'ENOENT') return null
    throw systemError(`read the configuration ${path}`, cause)
  }
  const parsed = parseSettings(jsonOf(path, text))
  if (parsed.ok) return parsed.settings
  throw new UserError(`the configuration ${path} is refused:\n${listed(parsed.problems)}`, {
    exitCode: 2,
  })
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

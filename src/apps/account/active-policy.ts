// The settings a data directory was built under: kept in policy.json, so that a changed configuration file
// does not change decisions behind anybody's back.
// Invariant: what decides is only ever what policy.json says; limits and contacts follow the configuration file.

import { readFile } from 'node:fs/promises'

import { z } from 'zod'

import { compilePolicy, parseSettings, type Policy, type Settings } from '../../core/index.ts'
import { systemCodeOf, systemError, UserError } from '../user-error.ts'
import { sha256 } from './digest.ts'
import { writeDurably } from './durable-file.ts'

/** Format of the data directory as a whole; the log and the graph count their own. */
const FORMAT = 1

const policyFile = z.looseObject({ format: z.int().min(1), settings: z.unknown() })

export interface ActivePolicy {
  readonly settings: Settings
  readonly policy: Policy
  /** The configuration file decides otherwise than the active settings; they stay. */
  readonly configurationDiffers: boolean
}

/** The active settings of the directory; null when it has none yet. */
export async function readActivePolicy(
  path: string,
  configuration: Settings | null,
): Promise<ActivePolicy | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null
    throw systemError(`read ${path}`, cause)
  }
  const stored = storedSettings(path, text)
  if (configuration === null) return active(stored, false)
  if (configuration.account !== stored.account) {
    throw new UserError(
      `this data directory is of the account "${stored.account}", the configuration names "${configuration.account}"`,
      { hint: 'Use another --data directory for it.' },
    )
  }
  const wanted = compilePolicy(configuration, sha256).version
  const { contacts, limits } = configuration
  const kept = active({ ...stored, contacts, limits }, false)
  return { ...kept, configurationDiffers: wanted !== kept.policy.version }
}

/** Makes settings the active ones of a new directory. */
export async function writeActivePolicy(path: string, settings: Settings): Promise<ActivePolicy> {
  const first = active(settings, false)
  const { version } = first.policy
  try {
    await writeDurably(path, `${JSON.stringify({ format: FORMAT, version, settings }, null, 2)}\n`)
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
  return first
}

function active(settings: Settings, configurationDiffers: boolean): ActivePolicy {
  return { settings, policy: compilePolicy(settings, sha256), configurationDiffers }
}

function storedSettings(path: string, text: string): Settings {
  const file = policyFile.safeParse(jsonOf(text))
  const format = file.data?.format ?? 0
  if (format > FORMAT) {
    throw new UserError(
      `the data directory was written by a newer version of Selfsame (${path} has format ${format}, this version knows ${FORMAT})`,
      { hint: 'Update Selfsame, or use another --data directory.' },
    )
  }
  const parsed = parseSettings(file.data?.settings)
  if (file.success && parsed.ok) return parsed.settings
  const problem = parsed.ok ? 'it is damaged' : (parsed.problems[0]?.message ?? 'it is damaged')
  throw new UserError(`${path} does not hold the settings of this data directory: ${problem}`, {
    hint: 'Put the file back from a backup.',
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

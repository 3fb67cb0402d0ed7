// The settings an account was built under: kept in policy/ACCOUNT.json, so that a changed configuration file
// does not change decisions behind anybody's back.
// Invariant: what decides is only ever what that file says; limits, contacts, golden records, reviews and what is read
// out of journeys follow the configuration file.

import { z } from 'zod'

import { compilePolicy, parseSettings, type Policy, type Settings } from '../../core/index.ts'
import { systemError, UserError } from '../user-error.ts'
import { sha256 } from './digest.ts'
import { textIfThere, writeDurably } from './durable-file.ts'
import { jsonOf } from '../json-text.ts'

/** Format of the data directory as a whole; the log and the graph count their own. */
const FORMAT = 1

const policyFile = z.looseObject({
  format: z.int().min(1),
  settings: z.unknown(),
  record: z.string().optional(),
  settled: z.boolean().optional(),
  knowledge: z.string().nullable().optional(),
})

export interface ActivePolicy {
  readonly settings: Settings
  readonly policy: Policy
  /** The configuration file decides otherwise than the active settings; they stay. */
  readonly configurationDiffers: boolean
  /** What the configuration file would have it be; the active settings where there is none or it is the same. */
  readonly configured: Settings
  /** Id of the log's record that says so. */
  readonly record: string
  /** What was decided before it became active, or before something was learned, has been decided again by it. */
  readonly settled: boolean
  /** The version of the knowledge that was decided by last, as the file says it; undefined where it does not. */
  readonly decidedBy: string | null | undefined
}

/** The active settings of an account; null when it has none yet. `configuration` is as it is for that account. */
export async function readActivePolicy(
  path: string,
  configuration: Settings | null,
): Promise<ActivePolicy | null> {
  const text = await textIfThere(path)
  if (text === null) return null
  const file = storedSettings(path, text)
  const stored = file.settings
  if (configuration === null) return active(stored, file)
  const wanted = compilePolicy(configuration, sha256).version
  const kept = active(following(stored, configuration), file)
  const configurationDiffers = wanted !== kept.policy.version
  const configured = configurationDiffers ? { ...kept.settings, ...configuration } : kept.settings
  return { ...kept, configurationDiffers, configured }
}

/** The settings of a policy, with all that decides nothing as a configuration has it. */
export function following(settings: Settings, configuration: Settings): Settings {
  const { attribution, batch, contacts, conversions, golden, limits, review, server } =
    configuration
  const follows = { attribution, batch, contacts, conversions, golden, limits, review, server }
  return { ...settings, ...follows, sites: sitesOf(settings, configuration) }
}

/** Who may send for a site follows the configuration; what it decides is as stored. */
function sitesOf({ sites: stored }: Settings, { sites }: Settings): Settings['sites'] {
  const names = new Set([...Object.keys(stored), ...Object.keys(sites)])
  return Object.fromEntries(
    [...names].map((name) => {
      const { crossSite = true, userBase } = stored[name] ?? {}
      const { account, origins = [] } = sites[name] ?? {}
      return [
        name,
        {
          crossSite,
          origins,
          ...(userBase !== undefined && { userBase }),
          ...(account !== undefined && { account }),
        },
      ]
    }),
  )
}

/**
 * Makes settings the active ones, of which a record of the log with this id will tell; `settled` where nothing was
 * decided by others.
 */
export async function writeActivePolicy(
  path: string,
  settings: Settings,
  recordOf: (version: string) => string,
  settled: boolean,
): Promise<ActivePolicy> {
  const { version } = compilePolicy(settings, sha256)
  const written = active(settings, { record: recordOf(version), settled, decidedBy: null })
  await write(path, written)
  return written
}

/** Whether everything has been decided by the active settings and what is known. */
export async function markSettled(
  path: string,
  policy: ActivePolicy,
  settled: boolean,
): Promise<ActivePolicy> {
  if (policy.settled === settled) return policy
  const marked = { ...policy, settled, decidedBy: policy.policy.knowledge?.version ?? null }
  await write(path, marked)
  return marked
}

async function write(
  path: string,
  { policy: { version }, record, settled, decidedBy, settings }: ActivePolicy,
): Promise<void> {
  const state = { ...(!settled && { settled }), knowledge: decidedBy ?? null }
  const content = { format: FORMAT, version, record, ...state, settings }
  try {
    await writeDurably(path, `${JSON.stringify(content, null, 2)}\n`)
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
}

function active(
  settings: Settings,
  { record, settled, decidedBy }: Omit<Stored, 'settings'>,
): ActivePolicy {
  const policy = compilePolicy(settings, sha256)
  return {
    settings,
    policy,
    configurationDiffers: false,
    configured: settings,
    record: record ?? `policy:${policy.version}`,
    settled,
    decidedBy,
  }
}

interface Stored {
  readonly settings: Settings
  readonly record: string | undefined
  readonly settled: boolean
  readonly decidedBy: string | null | undefined
}

function storedSettings(path: string, text: string): Stored {
  const file = policyFile.safeParse(jsonOf(text))
  const format = file.data?.format ?? 0
  if (format > FORMAT) {
    throw new UserError(
      `the data directory was written by a newer version of Selfsame (${path} has format ${format}, this version knows ${FORMAT})`,
      { hint: 'Update Selfsame, or use another --data directory.' },
    )
  }
  const parsed = parseSettings(file.data?.settings)
  if (file.success && parsed.ok) {
    const { record, settled = true, knowledge: decidedBy } = file.data
    return { settings: parsed.settings, record, settled, decidedBy }
  }
  const problem = parsed.ok ? 'it is damaged' : (parsed.problems[0]?.message ?? 'it is damaged')
  throw new UserError(`${path} does not hold the settings of this data directory: ${problem}`, {
    hint: 'Put the file back from a backup.',
  })
}

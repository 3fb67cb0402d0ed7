// What runs decide by, as somebody would write it into a configuration file: to be changed and tried by a dry run.
// Invariant: posted back as `settings` of a run it is accepted and means the same.

import { z } from 'zod'

import type { Settings } from '../../core/index.ts'
import type { ActivePolicy } from '../account/active-policy.ts'

export const configurationAnswer = z.object({
  settings: z.record(z.string(), z.unknown()).describe('every setting, defaults filled in'),
  policy_version: z.string(),
  describes: z.literal('what runs decide by'),
})
export type ConfigurationAnswer = z.output<typeof configurationAnswer>

export function answerOfConfiguration({ settings, policy }: ActivePolicy): ConfigurationAnswer {
  return {
    settings: asWritten(settings),
    policy_version: policy.version,
    describes: 'what runs decide by',
  }
}

/** Where the file's schema lies is of the machine it was written on. */
function asWritten(settings: Settings): ConfigurationAnswer['settings'] {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== '$schema'))
}

// What to call a profile, and what its standing means since the last run.

import type { HistoryAnswer, ProfileAnswer } from 'selfsame/client'

import { shortened } from '../../parts/words.ts'

/** The most telling first. */
const TYPES = ['email', 'phone', 'external_id', 'cookie'] as const

/** A name, an e-mail that can be read, else the identifier that tells most. */
export function whoOf({
  identifiers,
  golden,
}: Pick<ProfileAnswer, 'identifiers' | 'golden'>): string {
  const said = new Map(golden?.values.map(({ attribute, value }) => [attribute, value]))
  const of = (attribute: string): string | null => {
    const value = said.get(attribute)
    return typeof value === 'string' && value.trim() !== '' ? value : null
  }
  const both = [of('first_name'), of('last_name')].filter((one) => one !== null).join(' ')
  const email = of('email')
  const named = of('name') ?? (both === '' ? null : both)
  if (named !== null) return named
  if (email?.includes('@') === true) return email
  const best = telling(identifiers)
  return best === undefined ? 'nobody' : shortened(best)
}

function telling(identifiers: ProfileAnswer['identifiers']): string | undefined {
  for (const type of TYPES) {
    const found = identifiers.find((one) => one.type === type)
    if (found !== undefined) return found.identifier
  }
  return identifiers[0]?.identifier
}

/** What is to be known of a profile that no run has confirmed as it is; null for one that was. */
export function sinceRun(
  state: ProfileAnswer['state'],
  changes: HistoryAnswer['changes'],
): string | null {
  if (state === 'confirmed') return null
  if (state === 'awaiting_batch')
    return 'There is too much around it to decide at once. What came lately waits for the next run, which decides it.'
  const confirmed = changes.findLast(({ event }) => event === 'confirmed')
  const next = 'The next run looks at everything, and confirms it or puts it right.'
  if (confirmed === undefined)
    return `It was decided as messages came, and no run has seen it yet. ${next}`
  const since = changes.filter(
    ({ event, sequence }) => sequence > confirmed.sequence && event !== 'confirmed',
  ).length
  const times = since === 1 ? 'once' : `${since} times`
  return `It has changed ${times} since a run confirmed it. ${next}`
}

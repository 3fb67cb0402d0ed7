// A batch run came to the same answer: the profile is confirmed, unless it has changed since the run looked.

import type { View } from './view.ts'

export interface Confirmed {
  readonly profile: string
  /** As the run saw it. */
  readonly revision: number
}

export interface ConfirmingRun {
  readonly name: string
  /** When it was made, ms. */
  readonly at: number
}

/** The profiles must have been loaded into the view. How many were confirmed. */
export function confirm(view: View, profiles: readonly Confirmed[], run: ConfirmingRun): number {
  let count = 0
  for (const { profile, revision } of profiles) {
    const record = view.profiles.get(profile) ?? null
    if (record?.revision !== revision || record.state !== 'provisional' || record.size === 0)
      continue
    const next = revision + 1
    view.profiles.set(profile, { ...record, state: 'confirmed', revision: next })
    view.unstoredProfiles.add(profile)
    view.changes.push({
      event: 'confirmed',
      profile,
      revision: next,
      from: [],
      at: run.at,
      reason: `${run.name} came to the same answer`,
    })
    count++
  }
  return count
}

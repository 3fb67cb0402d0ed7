// To whom the events were given: the world is played once more, now that it is known who is who.

import { type Score, Scorer, Truth } from '../../src/evaluation/index.ts'
import type { Fact } from '../../src/core/index.ts'
import { newPass } from '../../src/core/profile/neighbours.ts'
import { type Owners, ownersOf } from '../../src/core/profile/ownership.ts'
import { isShared } from '../../src/core/profile/shared-cookie.ts'
import { factOfItem, type Played } from './world.ts'

/** Scores the events of a world; those of nobody (a bot's) are left out. */
export function eventScore({ simulation, extraction, policy, view }: Played): Score {
  const pass = newPass(view, policy)
  const owners: Owners = {
    profileOf: (key) => view.node(key)?.profile ?? null,
    isShared: (key) => {
      const cookie = view.node(key)
      return cookie !== undefined && isShared(pass, cookie)
    },
  }
  const truth = new Truth()
  const given: (readonly [id: string, profile: string | null])[] = []
  // whose these are depends on what else their cookies did
  const onShared: Fact[] = []
  for (const item of simulation) {
    const row = simulation.eventTruth(item)
    const fact = row === null ? null : factOfItem(item, extraction)
    if (row === null || fact === null) continue
    truth.add(row.event_id, row.person)
    const cookie = fact.identifiers.find(({ type }) => type === 'cookie')
    if (cookie !== undefined && owners.isShared(cookie.key)) onShared.push(fact)
    else given.push([fact.id, ownersOf([fact], policy, owners)[0] ?? null])
  }
  const profiles = ownersOf(onShared, policy, owners)
  const scorer = new Scorer(truth)
  for (const [id, profile] of given) scorer.assign(id, profile)
  for (const [i, { id }] of onShared.entries()) scorer.assign(id, profiles[i] ?? null)
  return scorer.score()
}

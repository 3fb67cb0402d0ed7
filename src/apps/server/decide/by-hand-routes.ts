// Merges, splits and quarantines of a steward's own accord, each with a preview.

import { z } from 'zod'

import {
  decreeAnswer,
  wantedMerge,
  wantedQuarantine,
  wantedSplit,
} from '../../answers/decree-answer.ts'
import { type Route, route } from '../ask/route.ts'
import { stewardOf } from './review-routes.ts'

const dryRun = z.object({
  dry_run: z
    .stringbool()
    .default(false)
    .describe('true: change nothing, only say what would come of it; or false'),
})

const quarantining = (type: 'quarantine' | 'release', summary: string): Route =>
  route({
    method: 'post',
    path: `/v1/identifiers/${type}`,
    operation: type === 'release' ? 'releaseIdentifier' : 'quarantineIdentifier',
    summary,
    role: 'steward',
    forSites: false,
    params: dryRun,
    body: wantedQuarantine,
    answer: decreeAnswer,
    ask: async ({ params, body: { identifier, note }, ...asked }) => {
      const how = { note, dryRun: params.dry_run }
      return asked.served.byHand.quarantine(type, identifier, how, stewardOf(asked))
    },
  })

export const byHandRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/profiles/merge',
    operation: 'mergeProfiles',
    summary:
      'Says that two profiles are one person; where that takes two stewards, the first one’s word waits',
    role: 'steward',
    forSites: false,
    params: dryRun,
    body: wantedMerge,
    answer: decreeAnswer,
    ask: async ({ params, body: { profiles, note }, ...asked }) => {
      const how = { note, dryRun: params.dry_run }
      return asked.served.byHand.merge(profiles, how, stewardOf(asked))
    },
  }),
  route({
    method: 'post',
    path: '/v1/profiles/{id}/split',
    operation: 'splitProfile',
    summary: 'Says that some identifiers of a profile are somebody else',
    role: 'steward',
    forSites: false,
    params: dryRun.extend({ id: z.string().min(1).max(200).describe('profile id') }),
    body: wantedSplit,
    answer: decreeAnswer,
    ask: async ({ params, body: { identifiers, note }, ...asked }) => {
      const how = { note, dryRun: params.dry_run }
      return asked.served.byHand.split(params.id, identifiers, how, stewardOf(asked))
    },
  }),
  quarantining('quarantine', 'Puts an identifier in quarantine: from then on it joins nobody'),
  quarantining('release', 'Takes an identifier out of quarantine'),
]

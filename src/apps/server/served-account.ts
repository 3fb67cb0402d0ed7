// An opened account as the server serves it.

import { openFileWarehouse } from '../../adapters/file-warehouse/index.ts'
import { Recent } from '../../core/identifier/recent.ts'
import type { SitesOfOthers } from '../../core/policy/account-settings.ts'
import type { Account } from '../account/account.ts'
import { storeBytes } from '../account/store-bytes.ts'
import { Runs } from '../batch/runs.ts'
import { listRejects, offerAgain } from '../account/kept-rejects.ts'
import { ServerRejects } from '../account/rejects.ts'
import { accountLookUps } from '../answers/account-look-ups.ts'
import { answerOfConfiguration } from '../answers/configuration-answer.ts'
import { answerOfKnowledge } from '../answers/knowledge-answer.ts'
import { answerOfRejects } from '../answers/reject-answer.ts'
import { People } from '../people/people.ts'
import { PublishedPeople } from '../people/published-people.ts'
import { ByHand } from '../steward/by-hand.ts'
import { Reviews } from '../steward/reviews.ts'
import { Verdicts } from '../../flows/give-verdict.ts'
import { takeAgain } from '../loading/take-again.ts'
import { BodyReader } from './collect/body-reader.ts'
import { Intake } from './collect/intake.ts'
import type { KeptRejects, ServedAccount } from './parts.ts'
import { Streams } from './stream/streams.ts'
import type { Turns } from './turns.ts'

/** Messages whose senders asked for their profiles, so that one sent again gets the same answer. */
const ANSWERED_REMEMBERED = 4_096

export interface Serving {
  readonly served: ServedAccount
  close(): Promise<void>
}

export function serveAccount(
  account: Account,
  others: SitesOfOthers,
  report: (cause: unknown) => void,
  turns: Turns,
): Serving {
  const { name, extraction, resolver, log, store, layout } = account
  const intake = new Intake(account, extraction.settings.limits.waitingMessages, report)
  const rejects = new ServerRejects(layout)
  const reader = new BodyReader(extraction)
  const runs = new Runs(account, report)
  const lookUps = accountLookUps(account)
  const streams = new Streams({ store, report, turn: () => turns.next() })
  const verdicts = new Verdicts(account)
  const warehouse = openFileWarehouse(layout.warehouseDirectory)
  const people = new People(account, new PublishedPeople(warehouse))
  return {
    served: {
      name,
      extraction,
      others,
      resolver,
      log,
      unstored: () => account.unstored(),
      store,
      storeBytes: () => storeBytes(layout),
      intake,
      reader,
      answeredLately: new Recent(ANSWERED_REMEMBERED),
      lookUps,
      people,
      streams,
      reviews: new Reviews(account, lookUps, verdicts),
      byHand: new ByHand(account, verdicts),
      configuration: () => answerOfConfiguration(account.active),
      knowledge: () => answerOfKnowledge(account),
      runs,
      rejects: () => rejects.at(new Date()),
      kept: keptRejects(account, others, intake, rejects),
      flushFailure: () => account.flushFailure(),
    },
    close: async () => {
      streams.close()
      await runs.close()
      await people.close()
      await reader.close()
      await rejects.close()
    },
  }
}

function keptRejects(
  { extraction, layout: { rejectsDirectory } }: Account,
  others: SitesOfOthers,
  intake: Intake,
  rejects: ServerRejects,
): KeptRejects {
  let replaying = false
  return {
    list: async (before, limit) => {
      const page = await listRejects(rejectsDirectory, before, limit)
      return page && answerOfRejects(page.rejects, page.next)
    },
    replay: async () => {
      if (replaying) return null
      replaying = true
      try {
        await rejects.close()
        const take = takeAgain({ extraction, others, take: (messages) => intake.take(messages) })
        return await offerAgain(rejectsDirectory, take)
      } finally {
        replaying = false
      }
    },
  }
}

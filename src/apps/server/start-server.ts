// A server on an opened account: put together, listening, and found by commands through serve.json.

import { randomBytes } from 'node:crypto'

import { sha256 } from '../account/digest.ts'
import type { Account } from '../account/open-account.ts'
import { rejectsOfServer, type Rejects } from '../account/rejects.ts'
import { removeServeFile, writeServeFile } from '../account/serve-file.ts'
import { accountLookUps } from '../answers/account-look-ups.ts'
import { accessWith } from './access.ts'
import { createApp } from './app.ts'
import { Intake } from './intake.ts'
import { listen, type Address } from './node.ts'

const TOKEN_BYTES = 24

export interface StartedServer {
  readonly url: string
  /** Of the administrator; lives as long as this server. */
  readonly token: string
  /** Answers what is under way, then takes serve.json away. The account stays open. */
  stop(): Promise<void>
}

/** @throws {UserError} when the address cannot be listened on. */
export async function startServer(
  account: Account,
  address: Address,
  report: (cause: unknown) => void,
): Promise<StartedServer> {
  const token = `sst_${randomBytes(TOKEN_BYTES).toString('base64url')}`
  const daily = dailyRejects(account)
  const app = createApp({
    account,
    intake: new Intake(account, report),
    lookUps: accountLookUps(account),
    access: accessWith(token, sha256),
    rejects: () => daily.today(),
    now: () => Date.now(),
    report,
  })
  const listening = await listen(app, address)
  const { url } = listening
  const { serveFile } = account.layout
  await writeServeFile(serveFile, { url, pid: process.pid, token })
  return {
    url,
    token,
    stop: async () => {
      await listening.stop()
      await removeServeFile(serveFile)
      await daily.today().close()
    },
  }
}

function dailyRejects(account: Account): { today(): Rejects } {
  let rejects = rejectsOfServer(account.layout, new Date())
  return {
    today: () => {
      const today = rejectsOfServer(account.layout, new Date())
      if (today.path !== rejects.path) {
        void rejects.close()
        rejects = today
      }
      return rejects
    },
  }
}

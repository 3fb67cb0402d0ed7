// `serve`: the collector and the look-ups over HTTP, until Ctrl-C or SIGTERM; then what is under way is finished.

import { openAccount, type Account } from '../../account/open-account.ts'
import { StoreError } from '../../../ports/store-error.ts'
import { startServer } from '../../server/start-server.ts'
import { UserError } from '../../user-error.ts'
import { DONE, interruptible, openOptionsOf, type Invocation } from '../invocation.ts'
import { serverOf } from '../reach-data.ts'

export interface ServeOptions {
  readonly port: number
  readonly host: string
}

export async function serve(invocation: Invocation, { port, host }: ServeOptions): Promise<number> {
  const { terminal } = invocation
  const running = await serverOf(invocation)
  if (running !== null) {
    const hint = `It is process ${running.pid}.`
    throw new UserError(`a server has this data open already: ${running.url}`, { hint })
  }
  await interruptible(async (signal) => {
    const account = await openAccount(invocation.dataDirectory, await openOptionsOf(invocation))
    try {
      const server = await startServer(account, { host, port }, reporterOf(invocation))
      sayStart(invocation, account, server)
      await aborted(signal)
      terminal.note('stopping: finishing what is under way')
      await server.stop()
    } finally {
      await account.close()
    }
  })
  terminal.note('stopped')
  return DONE
}

function sayStart(
  { terminal, json }: Invocation,
  { layout }: Account,
  { url, token }: { readonly url: string; readonly token: string },
): void {
  if (json) {
    terminal.say(JSON.stringify({ url, token, pid: process.pid }))
    return
  }
  terminal.say(`Serving ${layout.directory} at ${url}`)
  terminal.say(`Tracking clients: host ${url}, any write key`)
  terminal.say(`Look-ups: Authorization: Bearer ${token}`)
  terminal.say(`Stop with Ctrl-C`)
}

/** What went wrong in a request, on one line and without what was in it. */
function reporterOf({ terminal }: Invocation): (cause: unknown) => void {
  return (cause) => {
    const at = new Date().toISOString()
    if (cause instanceof StoreError) terminal.note(`${at} ${cause.code}: ${cause.message}`)
    else terminal.note(`${at} bug: ${cause instanceof Error ? (cause.stack ?? '') : String(cause)}`)
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

// A running server as commands use it: look-ups and loading over loopback, with the token of serve.json.

import type { RunningServer } from '../account/serve-file.ts'
import { noAnswer, type Answered, type LookUps } from '../answers/look-ups.ts'
import { createClient, SelfsameError, type Client } from '../client/index.ts'
import type { Sink } from '../loading/take-lines.ts'
import { ACCOUNT_HEADER, AUTHOR_HEADER } from '../server/who/callers.ts'
import { importAnswer, LINES_TYPE } from '../server/collect/import-lines.ts'
import { UserError } from '../user-error.ts'

/** A server, and the account of it that is meant. */
export interface Reached extends RunningServer {
  readonly account: string
}

/** Whether the server of serve.json answers: its process number may have passed to another program. */
export async function answers({ url }: RunningServer): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok
  } catch {
    return false
  }
}

/** `author`: who decides, where something is decided. */
export function clientOf({ url, token, account }: Reached, author?: string): Client {
  const named = author === undefined ? {} : { [AUTHOR_HEADER]: encodeURIComponent(author) }
  return createClient({ url, token, headers: { [ACCOUNT_HEADER]: account, ...named } })
}

export function serverLookUps(server: Reached): LookUps {
  const client = clientOf(server)
  const answered = <T>(asking: Promise<T>): Promise<Answered<T>> => answeredBy(server, asking)
  const idOf = async (asked: string): Promise<Answered<string>> => {
    if (asked.startsWith('prf_')) return { ok: true, value: asked }
    const found = await answered(client.profile(asked))
    return found.ok ? { ok: true, value: found.value.id } : found
  }
  const askOf = async <T>(asked: string, ask: (id: string) => Promise<T>): Promise<Answered<T>> => {
    const id = await idOf(asked)
    return id.ok ? answered(ask(id.value)) : id
  }
  return {
    profile: (asked, golden) => answered(client.profile(asked, { golden: golden !== undefined })),
    timeline: (asked, limit, before) =>
      askOf(asked, (id) => client.timeline(id, { limit, before })),
    graph: (asked, limit) => askOf(asked, (id) => client.graph(id, { limit })),
    history: (asked, limit) => askOf(asked, (id) => client.history(id, { limit })),
    stats: () => answered(client.stats()),
    model: () => answered(client.model()),
    changes: (after, limit) => answered(client.changes(after, { limit })),
    explain: (a, b) => answered(client.explain(a, b)),
    explainMembership: (asked) => answered(client.explainMembership(asked)),
  }
}

const NO_ANSWERS = [400, 403, 404, 409, 410] as const

/** What the server answered, or why it did not in its own words. @throws {UserError} when it went away or failed. */
export async function answeredBy<T>(
  { url }: RunningServer,
  asking: Promise<T>,
): Promise<Answered<T>> {
  try {
    return { ok: true, value: await asking }
  } catch (cause) {
    if (!(cause instanceof SelfsameError)) {
      throw new UserError(`the server at ${url} went away`, { cause })
    }
    const status = NO_ANSWERS.find((one) => one === cause.status)
    if (status !== undefined) return noAnswer(status, cause.message)
    throw new UserError(`the server at ${url} failed: ${cause.message}`, { cause })
  }
}

/** `site` is that of messages that name none. */
export function serverSink(server: Reached, site: string): Sink {
  const { url, token, account } = server
  const path = `${url}/v1/import?site=${encodeURIComponent(site)}`
  const headers = {
    authorization: `Bearer ${token}`,
    [ACCOUNT_HEADER]: account,
    'content-type': LINES_TYPE,
  }
  return {
    submit: async ({ bytes, firstLine }) => {
      const body = new Uint8Array(bytes)
      const response = await fetch(path, { method: 'POST', headers, body }).catch(
        (cause: unknown) => {
          throw new UserError(`the server at ${url} went away`, { cause })
        },
      )
      if (!response.ok) {
        const said = `${response.status} ${await response.text().catch(() => '')}`
        throw new UserError(`the server at ${url} did not take the messages: ${said}`)
      }
      const { accepted, duplicates, refused } = importAnswer.parse(await response.json())
      const numbered = refused.map((one) => ({ ...one, line: one.line + firstLine - 1 }))
      return { accepted, duplicates, refused: numbered }
    },
  }
}

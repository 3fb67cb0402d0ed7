// A running server as commands use it: look-ups and loading over loopback, with the token of serve.json.

import { z } from 'zod'

import type { RunningServer } from '../account/serve-file.ts'
import {
  explanationAnswer,
  historyAnswer,
  membershipAnswer,
  profileAnswer,
  timelineAnswer,
} from '../answers/answer.ts'
import { noAnswer, type Answered, type LookUps } from '../answers/look-ups.ts'
import type { Sink } from '../loading/take-lines.ts'
import { importAnswer, LINES_TYPE } from '../server/import-lines.ts'
import { UserError } from '../user-error.ts'

const problemDetails = z.object({ title: z.string(), detail: z.string().optional() })

/** Whether the server of serve.json answers: its process number may have passed to another program. */
export async function answers({ url }: RunningServer): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok
  } catch {
    return false
  }
}

export function serverLookUps(server: RunningServer): LookUps {
  const ask = async <T>(schema: z.ZodType<T>, path: string): Promise<Answered<T>> => {
    const response = await request(server, `/v1/${path}`, {})
    if (response.ok) return { ok: true, value: schema.parse(await response.json()) }
    const { status } = response
    const message = await wordsOf(response)
    if (status === 400 || status === 404 || status === 410) return noAnswer(status, message)
    throw new UserError(`the server at ${server.url} failed: ${message}`)
  }
  const idOf = async (asked: string): Promise<Answered<string>> => {
    if (asked.startsWith('prf_')) return { ok: true, value: asked }
    const found = await ask(profileAnswer, profilePath(asked))
    return found.ok ? { ok: true, value: found.value.id } : found
  }
  const askOf = async <T>(
    schema: z.ZodType<T>,
    asked: string,
    path: string,
  ): Promise<Answered<T>> => {
    const id = await idOf(asked)
    return id.ok ? ask(schema, `profiles/${encodeURIComponent(id.value)}/${path}`) : id
  }
  return {
    profile: (asked) => ask(profileAnswer, profilePath(asked)),
    timeline: (asked, limit) => askOf(timelineAnswer, asked, `timeline?limit=${limit}`),
    history: (asked, limit) => askOf(historyAnswer, asked, `history?limit=${limit}`),
    explain: (a, b) =>
      ask(explanationAnswer, `explain?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`),
    explainMembership: (asked) => ask(membershipAnswer, `explain?a=${encodeURIComponent(asked)}`),
  }
}

function profilePath(asked: string): string {
  const text = encodeURIComponent(asked)
  return asked.startsWith('prf_') ? `profiles/${text}` : `profiles?identifier=${text}`
}

/** `site` is that of messages that name none. */
export function serverSink(server: RunningServer, site: string): Sink {
  const path = `/v1/import?site=${encodeURIComponent(site)}`
  return {
    submit: async ({ bytes, firstLine }) => {
      const response = await request(server, path, {
        method: 'POST',
        headers: { 'content-type': LINES_TYPE },
        body: new Uint8Array(bytes),
      })
      if (!response.ok) {
        const message = `the server at ${server.url} did not take the messages: ${await wordsOf(response)}`
        throw new UserError(message)
      }
      const { accepted, duplicates, refused } = importAnswer.parse(await response.json())
      const numbered = refused.map((one) => ({ ...one, line: one.line + firstLine - 1 }))
      return { accepted, duplicates, refused: numbered }
    },
  }
}

async function request(
  { url, token }: RunningServer,
  path: string,
  init: RequestInit,
): Promise<Response> {
  try {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    return await fetch(`${url}${path}`, { ...init, headers })
  } catch (cause) {
    throw new UserError(`the server at ${url} went away`, { cause })
  }
}

async function wordsOf(response: Response): Promise<string> {
  const parsed = problemDetails.safeParse(await response.json().catch(() => null))
  if (!parsed.success) return `it answered ${response.status}`
  return parsed.data.detail ?? parsed.data.title
}

// The way of the command line into a running server: lines of a file, over loopback, with the administrator's token.
// Invariant: the same as loading the file with the server stopped; line numbers count within the body.

import { z } from 'zod'

import { messagesOfLines } from '../loading/messages-of-lines.ts'
import { LineSplitter } from '../loading/split-lines.ts'
import { takeLines } from '../loading/take-lines.ts'
import type { ServerParts } from './parts.ts'
import { problem } from './problem.ts'
import { readBody } from './request-body.ts'

export const LINES_TYPE = 'application/x-ndjson'

const refusedLine = z.object({
  line: z.int(),
  reason: z.string(),
  detail: z.string(),
  raw: z.string().optional(),
})

export const importAnswer = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  refused: z.array(refusedLine),
})

export function isLines(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === LINES_TYPE
}

/** Takes a body of lines; `?site=` is that of messages that name none. Answers when the profiles are up to date. */
export async function importLines(parts: ServerParts, request: Request): Promise<Response> {
  if (!parts.access.isAdministrator(request.headers.get('authorization') ?? undefined)) {
    return problem({ status: 401, title: 'lines are taken from the administrator only' })
  }
  const { extraction } = parts.account
  const read = await readBody(request, extraction.settings.limits.rudderstack.bodyBytesMax)
  if (!read.ok) return problem({ status: 400, title: 'not taken', reason: read.reason })
  const site = new URL(request.url).searchParams.get('site') ?? 'default'
  const into = {
    extraction,
    read: messagesOfLines.bind(undefined, extraction),
    take: parts.intake.take.bind(parts.intake),
  }
  const splitter = new LineSplitter()
  splitter.push(Buffer.from(read.bytes.buffer, 0, read.bytes.length))
  const answer: z.infer<typeof importAnswer> = { accepted: 0, duplicates: 0, refused: [] }
  for (let batch = splitter.take(true); batch !== null; batch = splitter.take(true)) {
    const outcome = await takeLines(into, batch, { site, now: parts.now() })
    answer.accepted += outcome.accepted
    answer.duplicates += outcome.duplicates
    answer.refused.push(...outcome.refused)
  }
  return Response.json(answer)
}

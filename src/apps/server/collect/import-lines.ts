// The way of the command line into a running server: lines of a file, over loopback, with an administrator's token.
// Invariant: the same as loading the file with the server stopped; line numbers count within the body.

import type { Context } from 'hono'
import { z } from 'zod'

import { whoseSite } from '../../../core/policy/account-settings.ts'
import { messagesOfLines, refusedLong } from '../../loading/messages-of-lines.ts'
import { BATCH_LIMITS, LineSplitter } from '../../loading/split-lines.ts'
import { takeLines } from '../../loading/take-lines.ts'
import { askingOf } from '../who/callers.ts'
import type { Env, ServerParts } from '../parts.ts'
import { problem } from '../problem.ts'
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
export async function importLines(parts: ServerParts, c: Context<Env>): Promise<Response> {
  const asking = await askingOf(parts, c, 'admin')
  if (asking instanceof Response) return asking
  const { extraction, intake, others } = asking.served
  const read = await readBody(parts, c, parts.settings.limits.rudderstack.bodyBytesMax)
  if (!read.ok) return problem({ status: 400, title: 'not taken', reason: read.reason })
  const site = c.req.query('site') ?? 'default'
  const detail = whoseSite(others, site)
  if (detail !== null)
    return problem({ status: 400, title: 'not taken', detail, reason: 'bad_site' })
  const into = {
    extraction,
    read: messagesOfLines.bind(undefined, extraction),
    take: intake.take.bind(intake),
  }
  const { lineBytesMax } = extraction.settings.limits
  const splitter = new LineSplitter({ ...BATCH_LIMITS, lineBytesMax })
  splitter.push(Buffer.from(read.bytes.buffer, read.bytes.byteOffset, read.bytes.length))
  const answer: z.infer<typeof importAnswer> = { accepted: 0, duplicates: 0, refused: [] }
  for (;;) {
    const batch = splitter.take(true)
    answer.refused.push(...splitter.takeLong().map((one) => refusedLong(one, lineBytesMax)))
    if (batch === null) return Response.json(answer)
    const outcome = await takeLines(into, batch, { site, now: parts.now(), others })
    answer.accepted += outcome.accepted
    answer.duplicates += outcome.duplicates
    answer.refused.push(...outcome.refused)
  }
}

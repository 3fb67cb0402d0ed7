// What was sent and not taken, kept with its reason, so that it can be looked at and sent again.

import { rawToKeep } from '../loading/messages-of-lines.ts'
import type { ServerParts } from './parts.ts'
import { problem } from './problem.ts'

const DETAILS = {
  too_large: 'the body is larger than a request may be',
  bad_gzip: 'the body says it is gzip, and is not',
  not_json: 'the body is no JSON object',
  no_batch: 'a batch has its messages in a list named "batch"',
  too_many: 'the batch has more messages than a batch may have',
} as const

/** A message that was refused, with its reason. */
export interface Refused {
  readonly reason: string
  readonly detail: string
  readonly raw: string | undefined
}

/** Keeps refused messages; never fails. */
export async function keepRefused(
  { rejects, account, now }: ServerParts,
  path: string,
  refused: readonly Refused[],
): Promise<void> {
  const at = now()
  await rejects().add(
    refused.map(({ reason, detail, raw }) => {
      return { at, source: `/v1/${path}`, reason, detail, raw: rawToKeep(account.extraction, raw) }
    }),
  )
}

/** Keeps a body that cannot be taken at all, and says so: clients drop it on a 400, they would send it for hours on a 5xx. */
export async function refuseBody(
  parts: ServerParts,
  path: string,
  reason: keyof typeof DETAILS,
  raw?: string,
): Promise<Response> {
  const detail = DETAILS[reason]
  await keepRefused(parts, path, [{ reason, detail, raw }])
  return problem({ status: 400, title: 'not taken', detail, reason })
}

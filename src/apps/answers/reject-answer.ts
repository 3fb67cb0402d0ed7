// Rejects as the API and `rejects --json` show them.

import { z } from 'zod'

import type { KeptReject } from '../account/kept-rejects.ts'

export const rejectsAnswer = z.object({
  /** Latest first. */
  rejects: z.array(
    z.object({
      id: z.string(),
      at: z.iso.datetime(),
      /** `ingest`, or the path it was sent to. */
      source: z.string(),
      site: z.string().nullable(),
      /** Of a load: where it stood. */
      file: z.string().nullable(),
      line: z.int().nullable(),
      reason: z.string(),
      detail: z.string(),
      /** As received; null where it may not or could not be kept. */
      raw: z.string().nullable(),
    }),
  ),
  /** `before` of the next page; null when there is none. */
  next: z.string().nullable(),
})

export const replayAnswer = z.object({
  /** Rejects that are in the log now. */
  settled: z.int(),
  /** Those that are still refused. */
  left: z.int(),
})

export type RejectsAnswer = z.infer<typeof rejectsAnswer>
export type ReplayAnswer = z.infer<typeof replayAnswer>

export function answerOfRejects(
  rejects: readonly KeptReject[],
  next: string | null,
): RejectsAnswer {
  return {
    rejects: rejects.map(({ id, at, source, site, file, line, reason, detail, raw }) => {
      const place = { file: file ?? null, line: line ?? null }
      return { id, at, source, site: site ?? null, ...place, reason, detail, raw: raw ?? null }
    }),
    next,
  }
}

// Keys as the API and `keys --json` show them: never the key itself, but once, when it is made. And how one asks for one.

import { z } from 'zod'

import { ROLES, type Token, type WriteKey } from '../../ports/key-store.ts'

const instant = z.iso.datetime()

export const keyAnswer = z.object({
  id: z.string(),
  kind: z.enum(['write', 'token']),
  /** Of a write key; null for a token. */
  site: z.string().nullable(),
  /** Of a token; null for a write key. */
  role: z.enum(ROLES).nullable(),
  /** Sites a token is limited to; null: no limit. */
  sites: z.array(z.string()).nullable(),
  label: z.string(),
  created_at: instant,
  /** To some seconds; null for never. */
  used_at: instant.nullable(),
  revoked_at: instant.nullable(),
})

export const newKeyAnswer = keyAnswer.extend({
  /** The key itself: shown now and never again. */
  key: z.string(),
})

export const keysAnswer = z.object({ keys: z.array(keyAnswer) })

const SITE = /^[a-z0-9][a-z0-9._-]{0,62}$/
const site = z.string().regex(SITE, {
  error: 'a site is up to 63 lower-case letters, digits, "_", "-" and "."',
})
const labelOfKey = z.string().max(200).default('').describe('what it is for')

export const wantedKey = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('write'),
    site: site.describe('whose messages come with it'),
    label: labelOfKey,
    key: z
      .string()
      .regex(/^[A-Za-z0-9._~+/=-]{8,200}$/, {
        error: 'a write key has 8 to 200 letters, digits, ".", "_", "~", "+", "/", "=" or "-"',
      })
      .optional()
      .describe('the key your clients have already; without it one is made up'),
  }),
  z
    .strictObject({
      kind: z.literal('token'),
      role: z.enum(ROLES),
      sites: z
        .array(site)
        .min(1)
        .max(100)
        .nullable()
        .default(null)
        .describe('the only sites it sees; of a reader only'),
      label: labelOfKey,
    })
    .refine(({ role, sites }) => sites === null || role === 'reader', {
      path: ['sites'],
      error: 'only a reader can be limited to sites: what other roles may do is about all of them',
    }),
])

export type WantedKey = z.input<typeof wantedKey>

export type KeysAnswer = z.infer<typeof keysAnswer>
export type NewKeyAnswer = z.infer<typeof newKeyAnswer>
export type KeyAnswer = z.infer<typeof keyAnswer>

export function answerOfKey(record: WriteKey | Token): KeyAnswer {
  const { id, kind, label, createdAt, usedAt, revokedAt } = record
  return {
    id,
    kind,
    site: record.kind === 'write' ? record.site : null,
    role: record.kind === 'token' ? record.role : null,
    sites: record.kind === 'token' && record.sites !== null ? [...record.sites] : null,
    label,
    created_at: new Date(createdAt).toISOString(),
    used_at: timeOf(usedAt),
    revoked_at: timeOf(revokedAt),
  }
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

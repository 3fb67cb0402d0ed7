// What new logins have said of the model an account goes by, in a small file beside it, so that a restart forgets nothing.
// Invariant: one that is damaged, or about another model, is as if nothing had been said.

import { rm } from 'node:fs/promises'

import { z } from 'zod'

import type { Drift } from '../../core/evidence/learned/drift.ts'
import { jsonOf } from '../json-text.ts'
import { systemError } from '../user-error.ts'
import { textIfThere, writeDurably } from './durable-file.ts'
import type { AccountLayout } from './layout.ts'

const FORMAT = 1

const count = z.int().min(0)
const driftFile = z.looseObject({
  format: z.literal(FORMAT),
  version: z.string(),
  right: count,
  wrong: count,
  up_to: count,
  stopped: z.boolean(),
})

export async function readDrift({ driftFile: path }: AccountLayout): Promise<Drift | null> {
  const text = await textIfThere(path)
  if (text === null) return null
  const file = driftFile.safeParse(jsonOf(text))
  if (!file.success) return null
  const { version, right, wrong, up_to: upTo, stopped } = file.data
  return { version, right, wrong, upTo, stopped }
}

/** Durable when this resolves. */
export async function writeDrift(
  { driftFile: path }: AccountLayout,
  { version, right, wrong, upTo, stopped }: Drift,
): Promise<void> {
  const content = { format: FORMAT, version, right, wrong, up_to: upTo, stopped }
  try {
    await writeDurably(path, `${JSON.stringify(content)}\n`)
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
}

/** Nothing was said of what is known now. */
export async function forgetDrift({ driftFile: path }: AccountLayout): Promise<void> {
  await rm(path, { force: true })
}

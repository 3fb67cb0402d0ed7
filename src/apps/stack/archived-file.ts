// How far the archive of a shared log is, in a file beside it. Invariant: what it says is in the archive.

import { z } from 'zod'

import type { Archived } from '../../flows/archive-log.ts'
import { textIfThere, writeDurably } from '../account/durable-file.ts'
import { jsonOf } from '../json-text.ts'
import { systemError, UserError } from '../user-error.ts'

const archivedFile = z.object({
  end: z.int().min(0),
  sources: z.record(z.string(), z.int().min(0)),
})

const NOTHING: Archived = { end: 0, sources: {} }

/** @throws {UserError} when it is damaged. */
export async function readArchived(path: string): Promise<Archived> {
  const text = await textIfThere(path)
  if (text === null) return NOTHING
  const read = archivedFile.safeParse(jsonOf(text))
  if (read.success) return read.data
  throw new UserError(`${path} is damaged`, {
    hint: 'Remove it: the shared log is read from its beginning, and what the archive has is known by its id.',
  })
}

export async function writeArchived(path: string, archived: Archived): Promise<void> {
  try {
    await writeDurably(path, `${JSON.stringify(archived)}\n`)
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
}

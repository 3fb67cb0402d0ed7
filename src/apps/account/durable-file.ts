// Small files of a data directory: replaced whole, so that a crash leaves the old one or the new one.

import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

import { systemCodeOf, systemError } from '../user-error.ts'

const PRIVATE_MODE = 0o600

/**
 * The text of a small file; null where there is none.
 * @throws {UserError} when it cannot be read
 */
export async function textIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const code = systemCodeOf(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw systemError(`read ${path}`, cause)
  }
}

/** Writes a file that only its owner may read; durable when this resolves. A crash may leave the draft. */
export async function writeDurably(
  path: string,
  text: string | Uint8Array,
  draft = `${path}.${process.pid}.draft`,
): Promise<void> {
  try {
    await writeSynced(draft, text)
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw cause
  }
  await syncDirectory(dirname(path))
}

/** The same for a file that is made once: false when it is there already, which then stays. */
export async function makeDurably(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.draft`
  try {
    await writeSynced(draft, text)
    await link(draft, path)
  } catch (cause) {
    if (systemCodeOf(cause) === 'EEXIST') return false
    throw cause
  } finally {
    await rm(draft, { force: true }).catch(() => undefined)
  }
  await syncDirectory(dirname(path))
  return true
}

async function writeSynced(path: string, text: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'w', PRIVATE_MODE)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

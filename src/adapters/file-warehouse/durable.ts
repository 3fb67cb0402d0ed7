// What makes files and their names outlive a crash of the machine.

import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const FILE_MODE = 0o600

/** Puts `text` in the place of a file: a crash leaves the old one or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`
  try {
    const handle = await open(draft, 'w', FILE_MODE)
    try {
      await handle.writeFile(`${text}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw cause
  }
  await syncPath(dirname(path))
}

/** Makes durable what a file holds, or what names a directory has. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes everything below a directory durable, and its names. */
export async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else await syncPath(path)
  }
  await syncPath(directory)
}

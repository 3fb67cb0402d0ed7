// The tag's script as it stands in the package, beside this file's own folders.

import { readFile } from 'node:fs/promises'

const FILE = new URL('../../tag/selfsame.js', import.meta.url)

export async function tagScript(): Promise<string> {
  return readFile(FILE, 'utf8')
}

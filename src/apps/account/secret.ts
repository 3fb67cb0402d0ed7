// The secret of a data directory: keys the profile ids, so that nobody outside can tell whose id one is.
// Invariant: made once, never replaced; with another secret every id would be another.

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import type { Ids } from '../../core/index.ts'
import { mintWith } from '../../core/index.ts'
import { systemCodeOf, systemError, UserError } from '../user-error.ts'
import { sha256 } from './digest.ts'
import { makeDurably } from './durable-file.ts'

const SECRET_BYTES = 32
const SECRET = /^[0-9a-f]{64}\n?$/
const QUESTION_CHARACTERS = 20

/** The secret in hex; null when there is none yet. */
export async function readSecret(path: string): Promise<string | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null
    throw systemError(`read ${path}`, cause)
  }
  if (!SECRET.test(text)) {
    throw new UserError(`${path} does not hold a secret of this program`, {
      hint: 'Put the file back from a backup: without it all profile ids would change.',
    })
  }
  return text.trim()
}

export async function makeSecret(path: string): Promise<string> {
  const secret = randomBytes(SECRET_BYTES).toString('hex')
  try {
    if (await makeDurably(path, `${secret}\n`)) return secret
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
  // Another process was first.
  return (await readSecret(path)) ?? makeSecret(path)
}

/** Profile and question ids under a secret. */
export function idsWith(secret: string): Ids {
  const inner = sha256(`question ${secret}`)
  return {
    mint: mintWith(sha256, secret),
    question: (a, b) => `rev_${sha256(`${inner}${a}${b}`).slice(0, QUESTION_CHARACTERS)}`,
  }
}

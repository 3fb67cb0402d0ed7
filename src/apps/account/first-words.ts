// What the first of two stewards has said of a merge that takes two, in a small file, so that a restart forgets nothing.
// Invariant: a word is durable before anybody goes by it; where the file cannot be read, nothing has been said.

import { dirname } from 'node:path'

import { z } from 'zod'

import type { ProfilePair, SeenProfile } from '../../flows/give-verdict.ts'
import { jsonOf } from '../json-text.ts'
import { systemError } from '../user-error.ts'
import { textIfThere, writeDurably } from './durable-file.ts'
import type { AccountLayout } from './layout.ts'
import { makeDirectory } from './stores.ts'

/** Past it the oldest gives way: whose profiles have changed long since, most likely. */
export const FIRST_WORDS_MAX = 1_000

const FORMAT = 1

const seenProfile = z.object({ profile: z.string(), revision: z.int().min(0) })

const firstWord = z.object({
  profiles: z.tuple([seenProfile, seenProfile]),
  by: z.string(),
  token: z.string().nullable(),
  at: z.int(),
  note: z.string(),
})

/** Who has said that two profiles are one person, and when; `token` null: an operator, who is known by name only. */
export type FirstWord = z.output<typeof firstWord>

const wordsFile = z.looseObject({
  format: z.literal(FORMAT),
  words: z.array(firstWord).max(FIRST_WORDS_MAX),
})

export class FirstWords {
  readonly #path: string
  /** By the ids of both profiles; the oldest first. */
  #words: ReadonlyMap<string, FirstWord>

  private constructor(path: string, words: readonly FirstWord[]) {
    this.#path = path
    this.#words = new Map(words.map((word) => [nameOf(word.profiles), word]))
  }

  static async open(
    { firstWordsFile: path }: AccountLayout,
    notice: (line: string) => void,
  ): Promise<FirstWords> {
    const text = await textIfThere(path).catch(() => '')
    if (text === null) return new FirstWords(path, [])
    const file = wordsFile.safeParse(jsonOf(text))
    if (file.success) return new FirstWords(path, file.data.words)
    notice(`${path} is damaged: merges that waited for a second steward wait for a first one again`)
    return new FirstWords(path, [])
  }

  /** What was said of two profiles as they are; null where nobody has, or one of them has changed since. */
  of(profiles: ProfilePair): FirstWord | null {
    const word = this.#words.get(nameOf(profiles))
    if (word === undefined) return null
    const isStill = ({ profile, revision }: FirstWord['profiles'][number]): boolean =>
      profiles.some((now) => now.profile === profile && now.revision === revision)
    return word.profiles.every(isStill) ? word : null
  }

  /** Durable when this resolves; until then nobody goes by it. @throws {UserError} */
  async note(word: FirstWord): Promise<void> {
    const words = this.#without(word.profiles)
    words.set(nameOf(word.profiles), word)
    for (const oldest of words.keys()) {
      if (words.size <= FIRST_WORDS_MAX) break
      words.delete(oldest)
    }
    await this.#write(words)
    this.#words = words
  }

  /** At once; in the file too when this resolves. @throws {UserError} */
  async forget(profiles: ProfilePair): Promise<void> {
    const words = this.#without(profiles)
    if (words.size === this.#words.size) return
    this.#words = words
    await this.#write(words)
  }

  #without(profiles: NamedPair): Map<string, FirstWord> {
    const words = new Map(this.#words)
    words.delete(nameOf(profiles))
    return words
  }

  async #write(words: ReadonlyMap<string, FirstWord>): Promise<void> {
    await makeDirectory(dirname(this.#path))
    const content = { format: FORMAT, words: [...words.values()] }
    try {
      await writeDurably(this.#path, `${JSON.stringify(content)}\n`)
    } catch (cause) {
      throw systemError(`write ${this.#path}`, cause)
    }
  }
}

type NamedPair = readonly [Pick<SeenProfile, 'profile'>, Pick<SeenProfile, 'profile'>]

/** The same in whichever order they are. */
function nameOf([a, b]: NamedPair): string {
  return [a.profile, b.profile].toSorted().join(' ')
}

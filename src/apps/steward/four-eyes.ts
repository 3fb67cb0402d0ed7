// Merges so large that one steward's word is not enough: what the first one says waits until a second one says it too.
// Invariant: nobody is his own second; a word about profiles that have changed since counts for nothing.

import type { Assent, Assented, ProfilePair, SeenProfile } from '../../flows/give-verdict.ts'
import type { FirstWord } from '../account/first-words.ts'
import type { Account } from '../account/account.ts'
import { instant } from '../answers/instant.ts'
import type { ReviewAnswer } from '../answers/review-answer.ts'
import type { Steward } from './steward.ts'

export class FourEyes {
  readonly #account: Pick<Account, 'active' | 'firstWords'>

  constructor(account: Pick<Account, 'active' | 'firstWords'>) {
    this.#account = account
  }

  /** What a steward's word is worth: to be asked while nobody else says anything. */
  assentOf(steward: Steward): Assent {
    const { firstWords } = this.#account
    return {
      to: async (profiles, note) => {
        const alone: Assented = { outcome: 'given', author: steward.name, note }
        if (!this.takesTwo(profiles)) return alone
        const first = firstWords.of(profiles)
        if (first === null) {
          await firstWords.note(wordOf(steward, profiles, note))
          return { outcome: 'awaits' }
        }
        if (isSame(first, steward)) return { outcome: 'said_before', at: first.at }
        const notes = [`${first.by}: ${first.note}`, `${steward.name}: ${note}`]
        const kept = first.note === '' && note === '' ? '' : notes.join('\n')
        return { outcome: 'given', author: `${first.by}, ${steward.name}`, note: kept }
      },
      // What stays in the file is void, or stands against the verdict that has just been given.
      settled: (profiles) => firstWords.forget(profiles).catch(() => undefined),
    }
  }

  /** Whether a merge takes two stewards, whatever has been said. */
  takesTwo([a, b]: ProfilePair): boolean {
    const from = this.#from
    return from !== null && a.identifiers + b.identifiers >= from
  }

  /** Whether it would wait for another one were this steward to say it now. */
  wouldAwait(profiles: ProfilePair, steward: Steward): boolean {
    if (!this.takesTwo(profiles)) return false
    const first = this.#account.firstWords.of(profiles)
    return first === null || isSame(first, steward)
  }

  /** As answers tell it of two profiles that are not one; null where one steward is enough. */
  secondOf(profiles: ProfilePair): ReviewAnswer['second'] {
    const from = this.#from
    if (from === null || !this.takesTwo(profiles)) return null
    const first = this.#account.firstWords.of(profiles)
    if (first === null) return { from, by: null, at: null, note: null }
    return { from, by: first.by, at: instant(first.at), note: first.note }
  }

  get #from(): number | null {
    return this.#account.active.settings.review.fourEyesFrom
  }
}

function wordOf(
  { name, token, now }: Steward,
  [a, b]: ProfilePair,
  note: FirstWord['note'],
): FirstWord {
  return { profiles: [asSeen(a), asSeen(b)], by: name, token, at: now, note }
}

function asSeen({ profile, revision }: SeenProfile): FirstWord['profiles'][number] {
  return { profile, revision }
}

/** Operators have one token for all of them, so they are told apart by name, also from those with tokens of their own. */
function isSame(first: FirstWord, { name, token }: Steward): boolean {
  return first.token === null || token === null ? first.by === name : first.token === token
}

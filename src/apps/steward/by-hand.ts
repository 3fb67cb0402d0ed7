// What a steward does of his own accord: merges two profiles, splits one, puts an identifier in quarantine.
// Invariant: a preview goes the way of the deed itself, on a graph of which nothing is kept.

import { identifierText, parseIdentifierText } from '../../core/index.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { Decree } from '../../core/profile/apply-decree.ts'
import type { DescribedIdentifier } from '../../core/profile/explain/describe.ts'
import type { Verdicts } from '../../flows/give-verdict.ts'
import { profileOf } from '../../flows/look-up.ts'
import {
  changedBy,
  type Grouped,
  groupsIn,
  imagine,
  type ImagineParts,
  makeDecree,
} from '../../flows/make-decree.ts'
import type { Account } from '../account/open-account.ts'
import { idsWith } from '../account/secret.ts'
import type { DecreeAnswer } from '../answers/decree-answer.ts'
import { findProfile } from '../answers/find-profile.ts'
import { type Answered, noAnswer } from '../answers/look-ups.ts'
import { contradictionWords, sayingOf, type Steward } from './steward.ts'

interface Asked {
  readonly note: string
  readonly dryRun: boolean
}

export class ByHand {
  readonly #account: Account
  readonly #verdicts: Verdicts

  constructor(account: Account, verdicts: Verdicts) {
    this.#account = account
    this.#verdicts = verdicts
  }

  async merge(
    asked: readonly [string, string],
    { note, dryRun }: Asked,
    steward: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    const a = await findProfile(this.#account, asked[0])
    const b = await findProfile(this.#account, asked[1])
    if (!a.ok) return a
    if (!b.ok) return b
    const [from, to] = [a.value.profile, b.value.profile]
    if (from.id === to.id) return noAnswer(409, `both are ${from.id} already`)
    const [these, those] = [from.identifiers, to.identifiers]
    const proposed = { verdict: 'same', a: keysOf(these), b: keysOf(those), note } as const
    return this.#say(proposed, [...these, ...those], dryRun, steward)
  }

  async split(
    id: string,
    identifiers: readonly string[],
    { note, dryRun }: Asked,
    steward: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    const found = await findProfile(this.#account, id)
    if (!found.ok) return found
    const { profile } = found.value
    const all = profile.identifiers
    const picked: Key[] = []
    for (const text of identifiers) {
      const parsed = parseIdentifierText(this.#account.extraction, text)
      if (!parsed.ok) return noAnswer(400, `${parsed.message}; allowed: ${parsed.allowed}`)
      const { key } = parsed.identifier
      if (!all.some((one) => one.key === key))
        return noAnswer(409, `${text} is not in ${profile.id}`)
      picked.push(key)
    }
    const rest = keysOf(all).filter((key) => !picked.includes(key))
    if (rest.length === 0) return noAnswer(409, 'these are all that the profile holds')
    const proposed = { verdict: 'different', a: picked, b: rest, note } as const
    return this.#say(proposed, all, dryRun, steward)
  }

  /** From then on it joins nobody; `release`: as it was before. */
  async quarantine(
    type: 'quarantine' | 'release',
    asked: string,
    { note, dryRun }: Asked,
    steward: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    const parsed = parseIdentifierText(this.#account.extraction, asked)
    if (!parsed.ok) return noAnswer(400, `${parsed.message}; allowed: ${parsed.allowed}`)
    const { key } = parsed.identifier
    const { resolver } = this.#account
    const isKnown = await resolver.look([key], (view) => view.node(key) !== undefined)
    if (!isKnown) return noAnswer(404, `nothing is known of ${asked}`)
    const decree = { type, identifier: key, note } as const
    const profile = await profileOf(this.#account, key)
    // A witness is nobody's, and yet some may be one person by it.
    const about = profile?.identifiers ?? (await this.#changedBy(decree))
    if (dryRun) return this.#imagined(decree, about)
    await makeDecree(this.#account, sayingOf(steward), decree)
    return this.#done(null, about)
  }

  async #say(
    proposed: Parameters<Verdicts['say']>[0],
    about: readonly DescribedIdentifier[],
    dryRun: boolean,
    steward: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    if (dryRun) return this.#imagined({ type: 'verdict', ...proposed }, about)
    const said = await this.#verdicts.say(proposed, sayingOf(steward))
    if (said.outcome === 'contradicts') return noAnswer(409, contradictionWords(said))
    return this.#done(said.verdict.id, about)
  }

  async #imagined(
    decree: Decree,
    about: readonly DescribedIdentifier[],
  ): Promise<Answered<DecreeAnswer>> {
    const groups = await imagine(await this.#imagineParts(), decree, keysOf(about))
    return { ok: true, value: { dry_run: true, decision: null, profiles: named(groups, about) } }
  }

  async #changedBy(decree: Decree): Promise<readonly DescribedIdentifier[]> {
    return changedBy(await this.#imagineParts(), decree)
  }

  async #imagineParts(): Promise<ImagineParts> {
    const { store, active, secret, resolver } = this.#account
    await resolver.flush()
    return { store, policy: active.policy, ids: idsWith(secret) }
  }

  async #done(
    decision: string | null,
    about: readonly DescribedIdentifier[],
  ): Promise<Answered<DecreeAnswer>> {
    const keys = keysOf(about)
    const groups = await this.#account.resolver.look(keys, (view) => groupsIn(view, keys))
    return { ok: true, value: { dry_run: false, decision, profiles: named(groups, about) } }
  }
}

function keysOf(identifiers: readonly DescribedIdentifier[]): readonly Key[] {
  return identifiers.map(({ key }) => key)
}

function named(
  groups: readonly Grouped[],
  about: readonly DescribedIdentifier[],
): DecreeAnswer['profiles'] {
  const texts = new Map(about.map((one) => [one.key, identifierText(one)]))
  return groups.map(({ members, size }) => ({
    identifiers: members.map((key) => texts.get(key) ?? ''),
    size,
  }))
}

// What a steward does of his own accord: merges two profiles, splits one, puts an identifier in quarantine.
// Invariant: a preview goes the way of the deed itself, on a graph of which nothing is kept.

import { randomUUID } from 'node:crypto'

import { identifierText, parseIdentifierText } from '../../core/index.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { Decree } from '../../core/profile/apply-decree.ts'
import type { DescribedIdentifier } from '../../core/profile/explain/describe.ts'
import type { Verdicts } from '../../flows/give-verdict.ts'
import { profileById, profileOf } from '../../flows/look-up.ts'
import { imagine, makeDecree } from '../../flows/make-decree.ts'
import type { Account } from '../account/open-account.ts'
import { idsWith } from '../account/secret.ts'
import type { DecreeAnswer } from '../answers/decree-answer.ts'
import { type Answered, noAnswer } from '../answers/look-ups.ts'
import { contradictionWords, type Steward } from './steward.ts'

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
    const [a, b] = [await this.#profile(asked[0]), await this.#profile(asked[1])]
    if (!a.ok) return a
    if (!b.ok) return b
    if (a.value.id === b.value.id) return noAnswer(409, `both are ${a.value.id} already`)
    const [these, those] = [a.value.identifiers, b.value.identifiers]
    const proposed = { verdict: 'same', a: keysOf(these), b: keysOf(those), note } as const
    return this.#say(proposed, [...these, ...those], dryRun, steward)
  }

  async split(
    id: string,
    identifiers: readonly string[],
    { note, dryRun }: Asked,
    steward: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    const found = await this.#profile(id)
    if (!found.ok) return found
    const all = found.value.identifiers
    const picked: Key[] = []
    for (const text of identifiers) {
      const parsed = parseIdentifierText(this.#account.extraction, text)
      if (!parsed.ok) return noAnswer(400, `${parsed.message}; allowed: ${parsed.allowed}`)
      const { key } = parsed.identifier
      if (!all.some((one) => one.key === key))
        return noAnswer(409, `${text} is not in ${found.value.id}`)
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
    { name, now }: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    const parsed = parseIdentifierText(this.#account.extraction, asked)
    if (!parsed.ok) return noAnswer(400, `${parsed.message}; allowed: ${parsed.allowed}`)
    const { key } = parsed.identifier
    const profile = await profileOf(this.#account, key)
    if (profile === null) return noAnswer(404, `nothing is known of ${asked}`)
    const decree = { type, identifier: key, note } as const
    if (dryRun) return this.#imagined(decree, profile.identifiers)
    const id = `dec_${randomUUID()}`
    await makeDecree(this.#account, { id, at: now, author: name }, decree)
    return this.#done(null, profile.identifiers)
  }

  async #say(
    proposed: Parameters<Verdicts['say']>[0],
    about: readonly DescribedIdentifier[],
    dryRun: boolean,
    { name, now }: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    if (dryRun) return this.#imagined({ type: 'verdict', ...proposed }, about)
    const said = await this.#verdicts.say(proposed, {
      id: `dec_${randomUUID()}`,
      at: now,
      author: name,
    })
    if (said.outcome === 'contradicts') return noAnswer(409, contradictionWords(said))
    return this.#done(said.verdict.id, about)
  }

  async #imagined(
    decree: Decree,
    about: readonly DescribedIdentifier[],
  ): Promise<Answered<DecreeAnswer>> {
    const { store, active, secret, resolver } = this.#account
    await resolver.flush()
    const parts = { store, policy: active.policy, ids: idsWith(secret) }
    const groups = await imagine(parts, decree, keysOf(about))
    return { ok: true, value: { dry_run: true, decision: null, profiles: named(groups, about) } }
  }

  async #done(
    decision: string | null,
    about: readonly DescribedIdentifier[],
  ): Promise<Answered<DecreeAnswer>> {
    const groups = await this.#account.resolver.look(keysOf(about), (view) => {
      const byProfile = new Map<string, { members: Key[]; size: number }>()
      for (const { key } of about) {
        const id = view.node(key)?.profile ?? ''
        const group = byProfile.get(id) ?? { members: [], size: view.profiles.get(id)?.size ?? 0 }
        byProfile.set(id, group)
        group.members.push(key)
      }
      return [...byProfile.values()].toSorted((x, y) => y.members.length - x.members.length)
    })
    return { ok: true, value: { dry_run: false, decision, profiles: named(groups, about) } }
  }

  async #profile(asked: string) {
    if (!asked.startsWith('prf_')) {
      const parsed = parseIdentifierText(this.#account.extraction, asked)
      if (!parsed.ok) return noAnswer(400, `${parsed.message}; allowed: ${parsed.allowed}`)
      const profile = await profileOf(this.#account, parsed.identifier.key)
      return profile === null
        ? noAnswer(404, `nothing is known of ${asked}`)
        : ({ ok: true, value: profile } as const)
    }
    const found = await profileById(this.#account, asked)
    if (found.found === 'erased') return noAnswer(410, `the profile ${asked} was erased`)
    if (found.found === 'nothing') return noAnswer(404, `there is no profile ${asked}`)
    return { ok: true, value: found.profile } as const
  }
}

function keysOf(identifiers: readonly DescribedIdentifier[]): readonly Key[] {
  return identifiers.map(({ key }) => key)
}

function named(
  groups: readonly { readonly members: readonly Key[]; readonly size: number }[],
  about: readonly DescribedIdentifier[],
): DecreeAnswer['profiles'] {
  const texts = new Map(about.map((one) => [one.key, identifierText(one)]))
  return groups.map(({ members, size }) => ({
    identifiers: members.map((key) => texts.get(key) ?? ''),
    size,
  }))
}

// What a steward does of his own accord: merges two profiles, splits one, puts an identifier in quarantine.
// Invariant: a preview goes the way of the deed itself, on a graph of which nothing is kept.

import { parseIdentifierText } from '../../core/index.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { DescribedIdentifier, DescribedProfile } from '../../core/profile/explain/describe.ts'
import type { ProfilePair, SaidOf, SeenProfile, Verdicts } from '../../flows/give-verdict.ts'
import { profileOf } from '../../flows/look-up.ts'
import { changedBy, groupsIn, imagine, makeDecree } from '../../flows/make-decree.ts'
import type { Account } from '../account/account.ts'
import type { DecreeAnswer } from '../answers/decree-answer.ts'
import { findProfile } from '../answers/find-profile.ts'
import { type Answered, noAnswer } from '../answers/look-ups.ts'
import { FourEyes } from './four-eyes.ts'
import { imagineParts, keysOf, named, previewOf, readConcerned } from './preview.ts'
import { contradictionWords, saidBeforeWords, sayingOf, type Steward } from './steward.ts'

interface Asked {
  readonly note: string
  readonly dryRun: boolean
}

export class ByHand {
  readonly #account: Account
  readonly #verdicts: Verdicts
  readonly #fourEyes: FourEyes

  constructor(account: Account, verdicts: Verdicts) {
    this.#account = account
    this.#verdicts = verdicts
    this.#fourEyes = new FourEyes(account)
  }

  async merge(
    asked: readonly [string, string],
    how: Asked,
    steward: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    const a = await findProfile(this.#account, asked[0])
    const b = await findProfile(this.#account, asked[1])
    if (!a.ok) return a
    if (!b.ok) return b
    const [from, to] = [a.value.profile, b.value.profile]
    if (from.id === to.id) return noAnswer(409, `both are ${from.id} already`)
    const sides = { a: keysOf(from.identifiers), b: keysOf(to.identifiers) }
    const proposed = { verdict: 'same', ...sides, note: how.note } as const
    const profiles: ProfilePair = [seenOf(from), seenOf(to)]
    const of = { profiles, assent: this.#fourEyes.assentOf(steward) }
    return this.#say({ proposed, of }, [from, to], how, steward)
  }

  async split(
    id: string,
    identifiers: readonly string[],
    how: Asked,
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
    const proposed = { verdict: 'different', a: picked, b: rest, note: how.note } as const
    return this.#say({ proposed, of: null }, [profile], how, steward)
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
    await resolver.flush()
    const parts = imagineParts(this.#account)
    // A witness is nobody's, and yet some may be one person by it.
    const about = profile?.identifiers ?? (await changedBy(parts, decree))
    if (dryRun) {
      const { groups } = await imagine(parts, decree, keysOf(about))
      return { ok: true, value: { ...IMAGINED, profiles: named(groups, about) } }
    }
    await makeDecree(this.#account, sayingOf(steward), decree)
    return this.#done(about, { decision: null, awaits_second: false })
  }

  async #say(
    saidOf: SaidOf,
    about: readonly DescribedProfile[],
    { dryRun }: Asked,
    steward: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    if (dryRun) return this.#preview(saidOf, about, steward)
    const identifiers = about.flatMap((profile) => profile.identifiers)
    const said = await this.#verdicts.say(saidOf, sayingOf(steward))
    switch (said.outcome) {
      case 'contradicts':
        return noAnswer(409, contradictionWords(said))
      case 'said_before':
        return noAnswer(409, saidBeforeWords(said))
      case 'awaits':
        return this.#done(identifiers, { decision: null, awaits_second: true })
      case 'stands':
        return this.#done(identifiers, { decision: said.verdict.id, awaits_second: false })
      default:
        return said satisfies never
    }
  }

  async #preview(
    { proposed, of }: SaidOf,
    about: readonly DescribedProfile[],
    steward: Steward,
  ): Promise<Answered<DecreeAnswer>> {
    await this.#account.resolver.flush()
    const concerned = await readConcerned(this.#account, about)
    const decree = { type: 'verdict', ...proposed } as const
    const previewed = await previewOf(this.#account, decree, concerned, null)
    const awaits = of !== null && this.#fourEyes.wouldAwait(of.profiles, steward)
    return { ok: true, value: { ...IMAGINED, ...previewed, awaits_second: awaits } }
  }

  async #done(
    about: readonly DescribedIdentifier[],
    what: Pick<DecreeAnswer, 'decision' | 'awaits_second'>,
  ): Promise<Answered<DecreeAnswer>> {
    const keys = keysOf(about)
    const groups = await this.#account.resolver.look(keys, (view) => groupsIn(view, keys))
    const profiles = named(groups, about)
    return { ok: true, value: { dry_run: false, ...what, profiles, preview: null } }
  }
}

const IMAGINED = { dry_run: true, decision: null, awaits_second: false, preview: null } as const

function seenOf({ id, revision, identifiers }: DescribedProfile): SeenProfile {
  return { profile: id, revision, identifiers: identifiers.length }
}

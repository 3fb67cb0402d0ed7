// What would come of an answer, a merge or a split, as the API tells it; the same for all three.

import { attributesOf, identifierText } from '../../core/index.ts'
import type { GoldenValue } from '../../core/golden/golden-record.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { Decree } from '../../core/profile/apply-decree.ts'
import type { DescribedIdentifier, DescribedProfile } from '../../core/profile/explain/describe.ts'
import { ownMessagesOf } from '../../flows/golden-of.ts'
import type { Grouped, ImagineParts } from '../../flows/make-decree.ts'
import { type Concerned, previewDecree } from '../../flows/preview-decree.ts'
import type { Account } from '../account/account.ts'
import { idsWith } from '../account/secret.ts'
import type { DecreeAnswer } from '../answers/decree-answer.ts'
import type { PreviewAnswer } from '../answers/preview-answer.ts'

/** Messages of a profile that are looked at, the latest; and those on cookies it shares that are looked through. */
export const PREVIEW_LIMITS = { messagesMax: 1_000, lookedAtMax: 4_000 }

export async function readConcerned(
  account: Account,
  profiles: readonly DescribedProfile[],
): Promise<readonly Concerned[]> {
  const question = {
    attributes: attributesOf(account.active.settings),
    sites: null,
    ...PREVIEW_LIMITS,
  }
  const concerned: Concerned[] = []
  for (const profile of profiles) {
    const read = concerned.find((one) => one.profile.id === profile.id)
    const own = read?.own ?? (await ownMessagesOf(account, profile, question))
    concerned.push({ profile, own })
  }
  return concerned
}

export interface Previewed {
  readonly profiles: DecreeAnswer['profiles']
  readonly preview: PreviewAnswer
}

/** `question`: the one that is being answered. Everything decided must be stored. */
export async function previewOf(
  account: Account,
  decree: Decree,
  concerned: readonly Concerned[],
  question: string | null,
): Promise<Previewed> {
  const attributes = attributesOf(account.active.settings)
  const seen = await previewDecree(imagineParts(account), decree, concerned, attributes)
  const about = concerned.flatMap(({ profile }) => profile.identifiers)
  const texts = new Map(about.map((one) => [one.key, identifierText(one)]))
  return {
    profiles: named(seen.groups, about),
    preview: {
      survives: seen.survives,
      gives_way: [...seen.givesWay],
      identifiers_moved: seen.moved.map((key) => texts.get(key) ?? ''),
      events_moved: seen.messagesMoved,
      events_moved_more: seen.messagesMovedMore,
      golden_changes: seen.goldenChanges.map(({ attribute, before, after }) => {
        return { attribute, before: valueOf(before), after: valueOf(after) }
      }),
      settles: seen.settles.filter((id) => id !== question),
    },
  }
}

export function imagineParts({ store, active, secret }: Account): ImagineParts {
  return { store, policy: active.policy, ids: idsWith(secret) }
}

export function keysOf(identifiers: readonly DescribedIdentifier[]): readonly Key[] {
  return identifiers.map(({ key }) => key)
}

export function named(
  groups: readonly Grouped[],
  about: readonly DescribedIdentifier[],
): DecreeAnswer['profiles'] {
  const texts = new Map(about.map((one) => [one.key, identifierText(one)]))
  return groups.map(({ profile, isNew, members, size }) => ({
    id: isNew ? null : profile,
    identifiers: members.map((key) => texts.get(key) ?? ''),
    size,
  }))
}

function valueOf(golden: GoldenValue | null): string | string[] | null {
  if (golden === null) return null
  return golden.rule === 'union' ? [golden.value, ...golden.others] : golden.value
}

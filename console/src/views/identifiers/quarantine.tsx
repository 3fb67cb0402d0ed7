// Puts an identifier in quarantine or takes it out, after a look at what would come of it.

import type { DecreeAnswer } from 'selfsame/client'

import { Ask } from '../../parts/ask.tsx'
import { IdentifierName, ProfileName } from '../../parts/names.tsx'
import { counted, shortened } from '../../parts/words.ts'
import { client } from '../../state/client.ts'
import { refresh } from '../../state/loaded.ts'
import { say } from '../../state/notices.ts'

export interface Deed {
  readonly identifier: string
  readonly does: 'quarantine' | 'release'
}

const WORDS = {
  quarantine: { title: 'Put in quarantine?', deed: 'Put in quarantine', done: 'is in quarantine' },
  release: { title: 'Release?', deed: 'Release', done: 'is released' },
} as const

export function Quarantine({
  of: { identifier, does },
  close,
}: {
  readonly of: Deed
  readonly close: () => void
}) {
  const words = WORDS[does]
  const ask = does === 'quarantine' ? client.quarantineIdentifier : client.releaseIdentifier
  return (
    <Ask
      title={words.title}
      deed={words.deed}
      preview={() => ask({ identifier }, { dryRun: true })}
      act={async (note) => {
        await ask({ identifier, note })
        say(`${shortened(identifier)} ${words.done}`)
        refresh('identifiers')
      }}
      close={close}
    >
      {(preview) => <Preview of={preview} identifier={identifier} does={does} />}
    </Ask>
  )
}

const IDENTIFIERS_SHOWN = 8
const GROUPS_SHOWN = 12

function Preview({ of: { profiles }, identifier, does }: Deed & { readonly of: DecreeAnswer }) {
  const more = profiles.length - GROUPS_SHOWN
  return (
    <>
      <p>
        <IdentifierName text={identifier} />{' '}
        {does === 'quarantine' ? 'joins nobody from then on.' : 'may join again from then on.'}{' '}
        {profiles.length === 0
          ? 'No profile changes by that.'
          : profiles.length === 1
            ? 'Those it is about are in one profile then:'
            : `Those it is about are in ${counted(profiles.length, 'profile')} then:`}
      </p>
      <ul class="groups">
        {profiles.slice(0, GROUPS_SHOWN).map((group) => (
          <li key={group.identifiers.join(' ')}>
            <b>{counted(group.size, 'identifier')}</b>{' '}
            {group.id === null ? (
              <span class="quiet">in a new profile</span>
            ) : (
              <ProfileName id={group.id} />
            )}
            <div class="quiet">
              {group.identifiers.slice(0, IDENTIFIERS_SHOWN).map((one) => (
                <span key={one}>
                  <IdentifierName text={one} />{' '}
                </span>
              ))}
              {group.identifiers.length > IDENTIFIERS_SHOWN &&
                `and ${group.identifiers.length - IDENTIFIERS_SHOWN} more`}
            </div>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="quiet">and {counted(more, 'profile')} more</p>}
    </>
  )
}

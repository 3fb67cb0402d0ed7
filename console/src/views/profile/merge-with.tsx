// Who else this may be: found by an identifier, a name or a profile id, before anything is asked of it.

import { useEffect, useRef, useState } from 'preact/hooks'

import type { ProfileAnswer, SearchAnswer } from 'selfsame/client'

import { Kind, Standing } from '../../parts/badges.tsx'
import { Problem } from '../../parts/shown.tsx'
import { counted } from '../../parts/words.ts'
import { client } from '../../state/client.ts'
import { failureOf } from '../../state/loaded.ts'
import type { Act } from './acting.tsx'

type Result = SearchAnswer['results'][number]

export function MergeWith({
  profile,
  act,
  close,
}: {
  readonly profile: ProfileAnswer
  readonly act: (act: Act) => void
  readonly close: () => void
}) {
  const field = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [results, setResults] = useState<readonly Result[]>([])
  useEffect(() => field.current?.focus(), [])
  const choose = (other: string): void => {
    act({ kind: 'merge', other })
    close()
  }
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setResults([])
    const asked = field.current?.value.trim() ?? ''
    try {
      const found = (await client.search(asked)).results
      const others = found.filter((one) => one.profile !== profile.id)
      const [only] = others
      if (only?.exact === true && others.length === 1) choose(only.profile)
      else setResults(others)
      const isOwn = others.length < found.length
      const none = isOwn ? 'That is in this profile already.' : `Nobody was found by “${asked}”.`
      setProblem(only === undefined ? none : null)
    } catch (cause) {
      setProblem(failureOf(cause).error)
    }
  }
  return (
    <form class="merge-with" onSubmit={(event) => void submit(event)}>
      <label for="merge-with">Merge with the profile of</label>
      <input
        id="merge-with"
        ref={field}
        required
        spellcheck={false}
        autocomplete="off"
        placeholder="ana@example.com, cookie:…, a name, or prf_…"
        aria-invalid={problem !== null}
      />
      <button type="submit" class="primary">
        Find
      </button>
      <button type="button" onClick={close}>
        Cancel
      </button>
      {problem !== null && <Problem text={problem} />}
      {results.length > 0 && <FoundOthers results={results} choose={choose} />}
    </form>
  )
}

function FoundOthers({
  results,
  choose,
}: {
  readonly results: readonly Result[]
  readonly choose: (profile: string) => void
}) {
  return (
    <ul class="found" aria-label="Who was found">
      {results.map(({ profile, name, matched, kind, state, identifiers }) => (
        <li key={profile}>
          <button type="button" onClick={() => choose(profile)}>
            <b>{name ?? matched.text}</b> <Kind kind={kind} /> <Standing state={state} />{' '}
            <span class="quiet">
              {counted(identifiers, 'identifier')}, <code>{profile}</code>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

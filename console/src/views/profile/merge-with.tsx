// Who else this may be: found by an identifier or a profile id, before anything is asked of it.

import { useRef, useState } from 'preact/hooks'

import type { ProfileAnswer } from 'selfsame/client'

import { client } from '../../state/client.ts'
import { failureOf } from '../../state/loaded.ts'
import type { Act } from './acting.tsx'

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
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const asked = field.current?.value.trim() ?? ''
    if (asked === '') return
    try {
      const other = await client.profile(asked)
      if (other.id === profile.id) setProblem('That is in this profile already.')
      else {
        act({ kind: 'merge', other })
        close()
      }
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
        autofocus
        required
        spellcheck={false}
        autocomplete="off"
        placeholder="email:ana@example.com, cookie:…, or prf_…"
        aria-describedby={problem === null ? undefined : 'merge-with-problem'}
        aria-invalid={problem !== null}
      />
      <button type="submit" class="primary">
        Preview
      </button>
      <button type="button" onClick={close}>
        Cancel
      </button>
      {problem !== null && (
        <p class="problem" role="alert" id="merge-with-problem">
          {problem}
        </p>
      )}
    </form>
  )
}

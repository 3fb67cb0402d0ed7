// Something that changes profiles, asked before it is done: first a preview of what would come of it, then the deed.

import type { ComponentChildren, Ref } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

import { failureOf, type Loaded } from '../state/loaded.ts'
import { Problem, Shown } from './shown.tsx'

const NOTE_CHARACTERS_MAX = 2_000

export function Ask<T>({
  title,
  deed,
  preview,
  children,
  act,
  close,
  hasNote = true,
}: {
  readonly title: string
  /** What the button says. */
  readonly deed: string
  /** Asked of the server with `dry_run`. */
  readonly preview: () => Promise<T>
  /** What the preview says. */
  readonly children: (preview: T) => ComponentChildren
  readonly act: (note: string) => Promise<unknown>
  readonly close: () => void
  /** Whether one may say why. */
  readonly hasNote?: boolean
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const note = useRef<HTMLTextAreaElement>(null)
  const [seen, setSeen] = useState<Loaded<T>>(ASKING)
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, setActing] = useState(false)
  useEffect(() => {
    dialog.current?.showModal()
    preview().then(
      (value) => setSeen({ ...ASKING, value, isLoading: false }),
      (cause: unknown) => setSeen({ value: null, ...failureOf(cause), isLoading: false }),
    )
  }, [])
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setActing(true)
    try {
      await act(note.current?.value ?? '')
      close()
    } catch (cause) {
      setProblem(failureOf(cause).error)
      setActing(false)
    }
  }
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="ask-title" onClose={close}>
      <h2 id="ask-title">{title}</h2>
      <Shown of={seen}>{children}</Shown>
      <form onSubmit={(event) => void submit(event)}>
        {hasNote && <Note field={note} />}
        {problem !== null && <Problem text={problem} />}
        <Buttons deed={deed} isReady={seen.value !== null && !isActing} close={close} />
      </form>
    </dialog>
  )
}

function Note({ field }: { readonly field: Ref<HTMLTextAreaElement> }) {
  return (
    <>
      <label for="ask-note">Why, for whoever asks later</label>
      <textarea id="ask-note" ref={field} rows={2} maxLength={NOTE_CHARACTERS_MAX} />
    </>
  )
}

function Buttons({
  deed,
  isReady,
  close,
}: {
  readonly deed: string
  readonly isReady: boolean
  readonly close: () => void
}) {
  return (
    <div class="buttons">
      <button type="submit" class="primary" disabled={!isReady}>
        {deed}
      </button>
      <button type="button" onClick={close}>
        Cancel
      </button>
    </div>
  )
}

const ASKING = { value: null, error: null, status: null, isLoading: true } as const

// Something large, asked once more before it is done: what it will do, and a way back.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

import { failureOf } from '../state/loaded.ts'
import { Problem } from './shown.tsx'

export function Sure({
  title,
  deed,
  children,
  act,
  close,
}: {
  readonly title: string
  /** What the button says. */
  readonly deed: string
  /** What will be done. */
  readonly children: ComponentChildren
  readonly act: () => Promise<unknown>
  readonly close: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isActing, setActing] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setActing(true)
    try {
      await act()
      close()
    } catch (cause) {
      setProblem(failureOf(cause).error)
      setActing(false)
    }
  }
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="sure-title" onClose={close}>
      <h2 id="sure-title">{title}</h2>
      {children}
      {problem !== null && <Problem text={problem} />}
      <form class="buttons" onSubmit={(event) => void submit(event)}>
        <button type="submit" class="primary" disabled={isActing}>
          {deed}
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </form>
    </dialog>
  )
}

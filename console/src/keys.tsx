// Keys that work everywhere: "/" to search, "g" and a letter to go, "?" for the list. None where somebody is typing.

import { useEffect, useRef } from 'preact/hooks'

import { isTyping } from './parts/presses.ts'
import { go } from './state/place.ts'
import { change, may, type Session, useStateOf } from './state/state.ts'
import { VIEWS } from './views/index.ts'

/** How long after "g" a letter counts. */
const GO_WITHIN_MS = 1_500

export function useKeys(session: Session): void {
  useEffect(() => {
    let goingUntil = 0
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event)) return
      const { key } = event
      const isGoing = event.timeStamp < goingUntil
      goingUntil = key === 'g' ? event.timeStamp + GO_WITHIN_MS : 0
      const view = VIEWS.find(({ letter, role }) => letter === key && may(session.role, role))
      if (isGoing && view !== undefined) {
        event.preventDefault()
        // The views have keys of their own, which may be the same letters.
        event.stopImmediatePropagation()
        go(`#/${view.name}`)
      } else if (key === '/') {
        event.preventDefault()
        document.querySelector<HTMLInputElement>('#search')?.focus()
      } else if (key === '?') change({ keysShown: true })
    }
    // Before the keys of a view.
    addEventListener('keydown', press, { capture: true })
    return () => removeEventListener('keydown', press, { capture: true })
  }, [session.role])
}

const REVIEW_KEYS = [
  ['s', 'same: they are one person'],
  ['d', 'different: they are two'],
  ['k', 'skip: somebody else may answer'],
  ['n', 'write a note first'],
  ['u', 'undo your last decision'],
  ['↑ ↓', 'another question'],
] as const

export function KeysHelp() {
  const isShown = useStateOf((now) => now.keysShown)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isShown) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isShown])
  return (
    <dialog ref={dialog} aria-labelledby="keys-title" onClose={() => change({ keysShown: false })}>
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        <Key keys="/" does="search" />
        {VIEWS.filter(({ inMenu }) => inMenu).map(({ letter, title }) => (
          <Key key={letter} keys={`g ${letter}`} does={title} />
        ))}
        <Key keys="?" does="this list" />
      </dl>
      <h3>In a review</h3>
      <dl class="keys">
        {REVIEW_KEYS.map(([keys, does]) => (
          <Key key={keys} keys={keys} does={does} />
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

function Key({ keys, does }: { readonly keys: string; readonly does: string }) {
  return (
    <>
      <dt>
        {keys.split(' ').map((one) => (
          <kbd key={one}>{one}</kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </>
  )
}

// What was done or failed, in a corner, for some seconds; read out by a screen reader.

import { dismiss } from '../state/notices.ts'
import { useStateOf } from '../state/state.ts'

export function Notices() {
  const notices = useStateOf((now) => now.notices)
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.map(({ id, kind, text }) => (
        <p key={id} class={`notice is-${kind}`}>
          {text}
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  )
}

// Short words on what was done or failed, shown for some seconds.

import { failureOf } from './loaded.ts'
import { change, type Notice, state } from './state.ts'

const SHOWN_MS = 6_000
let last = 0

export function say(text: string, kind: Notice['kind'] = 'done'): void {
  last++
  const id = last
  change({ notices: [...state.value.notices, { id, kind, text }] })
  setTimeout(() => dismiss(id), SHOWN_MS)
}

export function dismiss(id: number): void {
  change({ notices: state.value.notices.filter((one) => one.id !== id) })
}

/** Does it, and says what went wrong if something did; null then. */
export async function tried<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (cause) {
    say(failureOf(cause).error, 'failed')
    return null
  }
}

// A time as people read it: how long ago, exactly in its title. All of a page move on together.

import { signal } from '@preact/signals'

import { ago, exactly } from './words.ts'

const EVERY_MS = 10_000
const now = signal(Date.now())
setInterval(() => (now.value = Date.now()), EVERY_MS)

export function When({ at }: { readonly at: string | null }) {
  if (at === null) return <span class="quiet">–</span>
  return (
    <time dateTime={at} title={exactly(at)}>
      {ago(at, now.value)}
    </time>
  )
}

// The first of a long list, and a button for the next ones: what nobody has asked for is not drawn.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

import { count } from './words.ts'

const AT_ONCE = 50

export function More<T>({
  of,
  what,
  children,
}: {
  readonly of: readonly T[]
  /** What they are, of many. */
  readonly what: string
  readonly children: (shown: readonly T[]) => ComponentChildren
}) {
  const [most, setMost] = useState(AT_ONCE)
  const left = of.length - most
  return (
    <>
      {children(of.slice(0, most))}
      {left > 0 && (
        <p class="more">
          <button type="button" onClick={() => setMost(most + AT_ONCE)}>
            {Math.min(left, AT_ONCE)} more
          </button>{' '}
          <span class="quiet">
            {count(most)} of {count(of.length)} {what}
          </span>
        </p>
      )}
    </>
  )
}

// All nodes in key order, page by page, though a hash has none: the smallest keys to come are kept in a window.
// Invariant: a page that ends before its limit is the last.

import type { Key } from '../../core/identifier/identifier.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import { nodesOf } from './crowds.ts'
import type { Link } from './link.ts'
import type { Names } from './namespaces.ts'
import { keySteps } from './scan.ts'

/** Keys that a window may have; looking at everything once more makes the next one. */
const WINDOW = 1_000_000

interface Window {
  readonly keys: readonly Key[]
  /** How many have been handed out. */
  at: number
  /** Nothing comes after it. */
  readonly isLast: boolean
}

/** The pages of one reader after another: whoever goes on where the last page ended finds the window again. */
export function orderedNodes(
  link: Link,
  names: Names,
  windowMax = WINDOW,
): (after: Key, limit: number) => Promise<readonly NodeRecord[]> {
  let window: Window | null = null
  return async (after, limit) => {
    const page: NodeRecord[] = []
    let last = after
    if (window === null || after === '' || window.keys[window.at - 1] !== after) window = null
    while (page.length < limit) {
      window ??= await windowAfter(link, names, last, windowMax)
      if (window.at === window.keys.length) {
        if (window.isLast) break
        window = null
        continue
      }
      const keys = window.keys.slice(window.at, window.at + limit - page.length)
      window.at += keys.length
      last = keys.at(-1) ?? last
      // One may have been erased meanwhile.
      for (const node of await nodesOf(link, names, keys)) if (node !== null) page.push(node)
    }
    return page
  }
}

async function windowAfter(link: Link, names: Names, after: Key, most: number): Promise<Window> {
  const from = Buffer.from(after, 'hex')
  let kept: Buffer[] = []
  let isLast = true
  for await (const keys of keySteps(link, names)) {
    for (const key of keys) if (Buffer.compare(key, from) > 0) kept.push(Buffer.from(key))
    if (kept.length <= 2 * most) continue
    kept = smallest(kept, most)
    isLast = false
  }
  kept = smallest(kept, Infinity)
  if (kept.length > most) isLast = false
  return { keys: kept.slice(0, most).map((key) => key.toString('hex')), at: 0, isLast }
}

function smallest(keys: Buffer[], most: number): Buffer[] {
  return keys
    .toSorted((a, b) => Buffer.compare(a, b))
    .filter((key, i, all) => i === 0 || Buffer.compare(key, all[i - 1] ?? key) !== 0)
    .slice(0, most)
}

// What was picked, in the list or in the graph, and what can be done with it.

import { counted, shortened } from '../../parts/words.ts'
import type { Part } from './part.ts'

const NAMED_MAX = 3

export function Picked({ profile, picked, pick, act }: Part) {
  if (act === null || picked.size === 0) return null
  const identifiers = [...picked]
  const isAll = picked.size === profile.identifiers.length
  const named = identifiers.slice(0, NAMED_MAX).map(shortened).join(', ')
  return (
    <div class="picked" role="status">
      <span>
        <b>{counted(picked.size, 'identifier')} picked:</b>{' '}
        <span class="picked-names">
          {named}
          {picked.size > NAMED_MAX && ` and ${picked.size - NAMED_MAX} more`}
        </span>
        {isAll && <span class="quiet"> These are all; leave those that stay.</span>}
      </span>
      <span class="picked-acts">
        <button
          type="button"
          class="primary"
          disabled={isAll}
          onClick={() => act({ kind: 'split', identifiers, because: null })}
        >
          Split off …
        </button>
        <button type="button" onClick={() => pick(new Set())}>
          Clear
        </button>
      </span>
    </div>
  )
}

export function PickedBox({ picked, pick, identifier }: Part & { readonly identifier: string }) {
  return (
    <input
      type="checkbox"
      aria-label={`Pick ${shortened(identifier)}`}
      checked={picked.has(identifier)}
      onChange={() => pick(toggled(picked, identifier))}
    />
  )
}

export function toggled(picked: ReadonlySet<string>, identifier: string): ReadonlySet<string> {
  const now = new Set(picked)
  if (!now.delete(identifier)) now.add(identifier)
  return now
}

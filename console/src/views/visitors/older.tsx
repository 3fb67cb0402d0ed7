// Older visitors, when somebody scrolls to the end of those that are shown, or asks for them.

import { useEffect, useRef, useState } from 'preact/hooks'

import { Problem } from '../../parts/shown.tsx'
import { failureOf } from '../../state/loaded.ts'
import type { Listing } from '../../state/listing.ts'
import { type Filter, loadOlder } from '../../state/visitors.ts'

/** So far below the window they are asked for. */
const AHEAD_PIXELS = 400

export function Older({
  of: { next, isSparse },
  filter,
}: {
  readonly of: Listing
  readonly filter: Filter
}) {
  const end = useRef<HTMLDivElement>(null)
  const [isLoading, setLoading] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const load = async (): Promise<void> => {
    setLoading(true)
    setProblem(null)
    try {
      await loadOlder(filter)
    } catch (cause) {
      setProblem(failureOf(cause).error)
    }
    setLoading(false)
  }
  useEffect(() => {
    // Where a page had nobody, whoever wants to look further says so.
    if (end.current === null || next === null || isSparse) return undefined
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void load()
      },
      { rootMargin: `${AHEAD_PIXELS}px` },
    )
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [next, isSparse])
  if (next === null) return <p class="quiet center-line">That is everybody.</p>
  return (
    <div class="older" ref={end}>
      {problem !== null && <Problem text={problem} />}
      {isSparse && <p class="quiet">Nobody among the messages looked through last.</p>}
      <button type="button" disabled={isLoading} onClick={() => void load()}>
        {isLoading ? 'Loading …' : isSparse ? 'Look further back' : 'Older visitors'}
      </button>
    </div>
  )
}

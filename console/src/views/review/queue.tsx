// The list of open questions. Only the rows in sight are in the page, so that 50,000 scroll like fifty.

import { useEffect, useRef, useState } from 'preact/hooks'

import type { ReviewAnswer } from 'selfsame/client'

import { count, percent, shortened } from '../../parts/words.ts'
import { hashOf } from '../../state/place.ts'
import { usePulse } from '../../state/pulse.ts'
import { more, useQuestions } from '../../state/questions.ts'
import { useStateOf } from '../../state/state.ts'

const PULSE_EVERY_MS = 5_000
const ROW_PIXELS = 68
/** Above and below what is in sight. */
const ROWS_AROUND = 6
/** So many before the end the next page is asked for, so that one who scrolls does not wait for it. */
const ROWS_AHEAD = 60

export function Queue({ at }: { readonly at: string | null }) {
  const { rows, isWhole } = useQuestions()
  const pulse = usePulse(PULSE_EVERY_MS)
  const skipped = useStateOf((now) => now.desk.skipped)
  const list = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState({ from: 0, to: 30 })
  const look = (): void => {
    const { scrollTop = 0, clientHeight = 0 } = list.current ?? {}
    const from = Math.max(0, Math.floor(scrollTop / ROW_PIXELS) - ROWS_AROUND)
    const to = Math.ceil((scrollTop + clientHeight) / ROW_PIXELS) + ROWS_AROUND
    setSight({ from, to })
    if (to > rows.length - ROWS_AHEAD) void more()
  }
  useEffect(() => {
    look()
    addEventListener('resize', look)
    return () => removeEventListener('resize', look)
  }, [rows.length])
  const place = rows.findIndex(({ id }) => id === at)
  useEffect(() => {
    if (place < 0 || list.current === null) return
    const { scrollTop, clientHeight } = list.current
    const top = place * ROW_PIXELS
    const isInSight = top >= scrollTop && top + ROW_PIXELS <= scrollTop + clientHeight
    if (!isInSight) list.current.scrollTop = Math.max(0, top - ROW_PIXELS)
  }, [place])
  const inSight = rows.slice(sight.from, sight.to)
  return (
    <nav class="queue card" aria-label="Open questions">
      <p class="quiet queue-count">
        {count(isWhole ? rows.length : Math.max(rows.length, pulse.value?.now.questions ?? 0))}{' '}
        open, worth most first
      </p>
      {/* Keys scroll it. */}
      <div
        class="queue-list"
        ref={list}
        onScroll={look}
        tabIndex={0}
        role="region"
        aria-label="Questions"
      >
        <ol style={{ height: `${rows.length * ROW_PIXELS}px` }}>
          {inSight.map((review, n) => (
            <li key={review.id} style={{ top: `${(sight.from + n) * ROW_PIXELS}px` }}>
              <Row review={review} isOpen={review.id === at} isSkipped={skipped.has(review.id)} />
            </li>
          ))}
        </ol>
      </div>
    </nav>
  )
}

function Row({
  review,
  isOpen,
  isSkipped,
}: {
  readonly review: ReviewAnswer
  readonly isOpen: boolean
  readonly isSkipped: boolean
}) {
  const { id, probability, a, b, guard, claim } = review
  return (
    <a
      class="queue-row"
      href={hashOf('review', id)}
      aria-current={isOpen ? 'true' : undefined}
      title={review.reason}
    >
      <span class="queue-probability">{probability === null ? '–' : percent(probability)}</span>
      <span class="queue-sides">
        <span>{shortened(a.identifier)}</span>
        <span>{shortened(b.identifier)}</span>
      </span>
      <span class="queue-more quiet">
        {(guard ?? '').replaceAll('_', ' ')}
        {claim !== null && <b> {claim.by} looks</b>}
        {isSkipped && ' skipped'}
      </span>
    </a>
  )
}

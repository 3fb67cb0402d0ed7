// A lane for each device, from the oldest loaded event to the latest: when it was used, and where a conversion was.
// Invariant: marks that would cover each other are drawn once, so that many events cost no more than the width.

import { useMemo } from 'preact/hooks'

import { counted, exactly } from '../../parts/words.ts'
import { isConversion } from './journeys.ts'
import type { Happened } from './pages.ts'

const LANES_MAX = 8
/** Places over the width that a mark may have. */
const PLACES = 400
const LANE_PX = 22

interface Lane {
  readonly device: string
  readonly events: number
  /** Place -> whether there was a conversion. */
  readonly marks: ReadonlyMap<number, boolean>
}

export function deviceOf({ device }: Pick<Happened, 'device'>): string {
  return device ?? 'unknown device'
}

function lanesOf(events: readonly Happened[]): readonly Lane[] {
  const from = Date.parse(events[0]?.at ?? '')
  const span = Math.max(1, Date.parse(events.at(-1)?.at ?? '') - from)
  const lanes = new Map<string, { device: string; events: number; marks: Map<number, boolean> }>()
  for (const event of events) {
    const device = deviceOf(event)
    const lane = lanes.get(device) ?? { device, events: 0, marks: new Map<number, boolean>() }
    const place = Math.round(((Date.parse(event.at) - from) / span) * PLACES)
    lane.marks.set(place, lane.marks.get(place) === true || isConversion(event))
    lane.events++
    lanes.set(device, lane)
  }
  return [...lanes.values()].toSorted((x, y) => y.events - x.events)
}

export function Lanes({
  events,
  only,
  choose,
}: {
  readonly events: readonly Happened[]
  readonly only: string | null
  readonly choose: (device: string | null) => void
}) {
  const lanes = useMemo(() => lanesOf(events), [events])
  const [first, last] = [events[0], events.at(-1)]
  if (first === undefined || last === undefined) return null
  return (
    <figure class="lanes">
      {lanes.slice(0, LANES_MAX).map((lane) => (
        <div
          key={lane.device}
          class={only === null || only === lane.device ? 'lane' : 'lane is-off'}
        >
          <button
            type="button"
            class="lane-name"
            aria-pressed={only === lane.device}
            title={`Only events of ${lane.device}`}
            onClick={() => choose(only === lane.device ? null : lane.device)}
          >
            {lane.device} <span class="quiet">{lane.events}</span>
          </button>
          <svg
            viewBox={`0 0 ${PLACES} ${LANE_PX}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={`${counted(lane.events, 'event')} of ${lane.device}`}
          >
            <line class="lane-line" x1="0" x2={PLACES} y1={LANE_PX / 2} y2={LANE_PX / 2} />
            {[...lane.marks].map(([place, converted]) => (
              <rect
                key={place}
                class={converted ? 'lane-mark is-conversion' : 'lane-mark'}
                x={place - 0.75}
                width={converted ? 2.5 : 1.5}
                y={converted ? 1 : 6}
                height={converted ? LANE_PX - 2 : LANE_PX - 12}
              />
            ))}
          </svg>
        </div>
      ))}
      <figcaption>
        <span>{exactly(first.at).slice(0, 10)}</span>
        <span>
          {lanes.length > LANES_MAX && `${lanes.length - LANES_MAX} more devices are not drawn. `}
          A tall mark is a conversion. A device’s name filters the list.
        </span>
        <span>{exactly(last.at).slice(0, 10)}</span>
      </figcaption>
    </figure>
  )
}

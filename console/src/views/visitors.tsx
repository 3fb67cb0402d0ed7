// Who was here, the latest first. While somebody is on the rows they stay where they are, and the head says how many came.

import { useRef, useState } from 'preact/hooks'

import { Empty, Shown } from '../parts/shown.tsx'
import { count, counted } from '../parts/words.ts'
import { usePulse } from '../state/pulse.ts'
import { countNew, heldStill, type Listing } from '../state/listing.ts'
import { type Filter, useVisitors } from '../state/visitors.ts'
import { Filters, useFilter } from './visitors/filters.tsx'
import { Older } from './visitors/older.tsx'
import { Rows } from './visitors/rows.tsx'

const PULSE_EVERY_MS = 5_000
/** Scrolled further, and what comes on top would move what one reads. */
const TOP_PIXELS = 120

export function Visitors() {
  const filter = useFilter()
  const pulse = usePulse(PULSE_EVERY_MS).value?.now ?? null
  const listing = useVisitors(filter, pulse?.log_records ?? null)
  const all = listing.value?.visitors ?? []
  const sites = [...new Set(all.flatMap((one) => one.sites))].toSorted()
  return (
    <>
      <header class="head">
        <h1>Visitors</h1>
        {pulse !== null && <span class="quiet">{counted(pulse.profiles, 'profile')}</span>}
      </header>
      <Filters of={filter} sites={sites} />
      <Shown of={listing}>
        {(known) => <List key={JSON.stringify(filter)} of={known} filter={filter} />}
      </Shown>
    </>
  )
}

function List({ of: known, filter }: { readonly of: Listing; readonly filter: Filter }) {
  const [isRead, setRead] = useState(false)
  const [, setTop] = useState(0)
  const shown = useRef(known.visitors)
  const stands = isRead || scrollY > TOP_PIXELS
  shown.current = stands ? heldStill(shown.current, known.visitors) : known.visitors
  const came = countNew(shown.current, known.visitors)
  if (known.visitors.length === 0 && known.next === null) return <Nobody filter={filter} />
  const show = (): void => {
    shown.current = known.visitors
    setTop((times) => times + 1)
    scrollTo({ top: 0 })
  }
  return (
    <div
      onMouseEnter={() => setRead(true)}
      onMouseLeave={({ currentTarget }) => setRead(currentTarget.contains(document.activeElement))}
      onFocusIn={() => setRead(true)}
      onFocusOut={({ currentTarget, relatedTarget }) =>
        setRead(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))
      }
    >
      <p class="came" role="status">
        {came > 0 && (
          <button type="button" onClick={show}>
            {count(came)} new
          </button>
        )}
      </p>
      <div class="card visitors-card">
        {shown.current.length > 0 && <Rows of={shown.current} />}
        <Older of={known} filter={filter} />
      </div>
    </div>
  )
}

function Nobody({ filter: { kind, state, site } }: { readonly filter: Filter }) {
  if (kind !== undefined || state !== undefined || site !== undefined) {
    return (
      <Empty>
        Nobody is like that. <a href="#/visitors">Show everybody</a>
      </Empty>
    )
  }
  return (
    <Empty>
      Nobody was here yet. Point a tracking client at this server, or load a file:{' '}
      <code>selfsame ingest FILE</code>
    </Empty>
  )
}

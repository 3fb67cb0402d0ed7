// What the person did over all devices: a lane for each device, and the list of events, older ones on demand.

import { useMemo, useState } from 'preact/hooks'

import { More } from '../../parts/more.tsx'
import { Empty, Shown } from '../../parts/shown.tsx'
import { merged, Timeline } from '../../parts/timeline.tsx'
import { deviceOf, Lanes } from './lanes.tsx'
import { Older } from './older.tsx'
import type { Part } from './part.ts'
import { usePages } from './use-pages.ts'

export function Activity({ profile }: Part) {
  const pages = usePages(profile.id)
  const [device, setDevice] = useState<string | null>(null)
  const { known } = pages
  const shown = useMemo(() => {
    if (known === null) return []
    const events =
      device === null ? known.events : known.events.filter((event) => deviceOf(event) === device)
    return merged({ ...known, events: [...events] })
  }, [known, device])
  return (
    <section class="card" aria-labelledby="activity-title">
      <h2 id="activity-title">Activity</h2>
      <Shown of={pages.latest}>
        {() =>
          known === null ? null : known.events.length === 0 ? (
            <Empty>
              No event is kept of it. Events appear here as soon as a site sends them with one of
              these identifiers.
            </Empty>
          ) : (
            <>
              <Lanes events={known.events} only={device} choose={setDevice} />
              <More of={shown} what="events">
                {(some) => <Timeline events={some} />}
              </More>
              <Older {...pages} />
            </>
          )
        }
      </Shown>
    </section>
  )
}

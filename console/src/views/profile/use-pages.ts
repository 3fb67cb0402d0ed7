// The timeline of one profile in the state of a view: what is known so far, and a way to older events.

import { useEffect, useState } from 'preact/hooks'

import type { TimelineAnswer } from 'selfsame/client'

import { client } from '../../state/client.ts'
import type { Loaded } from '../../state/loaded.ts'
import { tried } from '../../state/notices.ts'
import { PAGE_EVENTS, useLatest } from './asked.ts'
import { type Known, withLatest, withOlder } from './pages.ts'

export interface Pages {
  readonly latest: Loaded<TimelineAnswer>
  readonly known: Known | null
  readonly isLoading: boolean
  readonly older: () => void
}

export function usePages(id: string): Pages {
  const latest = useLatest(id)
  const [known, setKnown] = useState<Known | null>(null)
  const [isLoading, setLoading] = useState(false)
  useEffect(() => {
    const page = latest.value
    if (page !== null) setKnown((before) => withLatest(before, page))
  }, [latest.value])
  const older = async (): Promise<void> => {
    const before = known?.next ?? null
    if (before === null || isLoading) return
    setLoading(true)
    const page = await tried(() => client.timeline(id, { limit: PAGE_EVENTS, before }))
    if (page !== null) setKnown((now) => (now === null ? null : withOlder(now, page)))
    setLoading(false)
  }
  return { latest, known, isLoading, older: () => void older() }
}

// Numbers over time as a picture. Its library comes when a chart is first shown; the numbers stand beside it in words.

import { useEffect, useRef, useState } from 'preact/hooks'

import type { Charted, Drawn } from './draw-chart.ts'

const DARK = '(prefers-color-scheme: dark)'

export function Chart(charted: Charted) {
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<Drawn | null>(null)
  const latest = useRef(charted)
  latest.current = charted
  const [problem, setProblem] = useState(false)
  useEffect(() => {
    let isGone = false
    const draw = async (): Promise<void> => {
      const { drawChart } = await import('./draw-chart.ts')
      drawn.current?.close()
      if (!isGone && place.current !== null)
        drawn.current = drawChart(place.current, latest.current)
    }
    const start = (): void => void draw().catch(() => setProblem(true))
    const dark = matchMedia(DARK)
    dark.addEventListener('change', start)
    start()
    return () => {
      isGone = true
      dark.removeEventListener('change', start)
      drawn.current?.close()
      drawn.current = null
    }
  }, [])
  useEffect(() => drawn.current?.show(charted.points), [charted.points])
  if (problem) return <p class="quiet">The chart could not be loaded; the numbers say the same.</p>
  return <div class="chart" ref={place} role="img" aria-label={charted.told} />
}

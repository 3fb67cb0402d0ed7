// Draws a chart on a canvas, as wide as its place, in the colours of light or dark.

import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

import { colourOf } from './colour.ts'

interface Line {
  readonly label: string
  /** Name of a colour in base.css. */
  readonly colour: string
  readonly isDashed?: boolean
}

/** Seconds since the epoch, ascending; then the values of each line, null for a gap. */
export type Points = readonly [at: readonly number[], ...values: readonly (number | null)[][]]

export interface Charted {
  readonly lines: readonly Line[]
  readonly points: Points
  /** `day`: points are days, `second`: they are seconds. */
  readonly step: 'day' | 'second'
  /** What it shows, with the numbers that matter, for who does not see it. */
  readonly told: string
}

export interface Drawn {
  show(points: Points): void
  close(): void
}

const HEIGHT = 150
const FONT = '11px system-ui, sans-serif'

export function drawChart(place: HTMLElement, { lines, points, step }: Charted): Drawn {
  const axis = {
    stroke: colourOf(place, '--quiet'),
    font: FONT,
    grid: { stroke: colourOf(place, '--line'), width: 1 },
    ticks: { show: false },
  }
  const chart = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 8, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
      scales: {
        x: { range: (_, min, max) => rangeOf(step, min, max) },
        y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 26,
          space: 70,
          values: (_, splits) => splits.map(TIMES[step]),
        },
        { ...axis, size: 46, space: 34 },
      ],
      series: [{}, ...lines.map((line) => seriesOf(place, line, step))],
    },
    dataOf(points),
    place,
  )
  const fit = new ResizeObserver(() => {
    if (place.clientWidth !== chart.width)
      chart.setSize({ width: place.clientWidth, height: HEIGHT })
  })
  fit.observe(place)
  return {
    show: (now) => chart.setData(dataOf(now)),
    close: () => {
      fit.disconnect()
      chart.destroy()
    },
  }
}

/** Seconds: a picture of a moment would be stretched over all of it. */
const SECONDS_SHOWN_MIN = 120

function rangeOf(step: Charted['step'], min: number | null, max: number | null): [number, number] {
  const now = Date.now() / 1_000
  const [from, to] = [min ?? now, max ?? now]
  return step === 'day' ? [from, to] : [Math.min(from, to - SECONDS_SHOWN_MIN), to]
}

function seriesOf(
  place: HTMLElement,
  { label, colour, isDashed }: Line,
  step: Charted['step'],
): uPlot.Series {
  const stroke = colourOf(place, colour)
  return {
    label,
    stroke,
    width: 2,
    points: { show: step === 'day', size: 5, fill: stroke },
    ...(isDashed === true && { dash: [6, 4] }),
  }
}

const TIMES = {
  day: (seconds: number): string =>
    new Date(seconds * 1_000).toLocaleDateString('en', {
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    }),
  second: (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 19),
}

function dataOf([at, ...values]: Points): uPlot.AlignedData {
  return [[...at], ...values.map((one) => [...one])]
}

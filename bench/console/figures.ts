// Figures as they are printed.

import { quantile } from '../serve/loads.ts'

export type Figures = Record<string, number | string>

/** Median and longest, in ms. */
export function figuresOf(name: string, ms: readonly number[]): Figures {
  return {
    [`${name}_p50_ms`]: rounded(quantile(ms, 0.5)),
    [`${name}_max_ms`]: rounded(quantile(ms, 1)),
  }
}

export function kilobytes(bytes: number): number {
  return rounded(bytes / 1_000)
}

export function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

// How large a share may be, of which so many were seen. Wilson's bounds, which hold for few and for shares near one.

/** Of 95 %, both sides. */
export const NORMAL_QUANTILE = 1.959964

/** Between which the share lies with 95 % confidence. */
export interface ShareBounds {
  readonly atLeast: number
  readonly atMost: number
}

/** @param n how many were seen; need not be whole. Of none nothing is known. */
export function shareBounds(share: number, n: number): ShareBounds {
  if (n === 0) return { atLeast: 0, atMost: 1 }
  const z2 = NORMAL_QUANTILE ** 2
  const middle = share + z2 / (2 * n)
  const half = NORMAL_QUANTILE * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  return { atLeast: (middle - half) / (1 + z2 / n), atMost: (middle + half) / (1 + z2 / n) }
}

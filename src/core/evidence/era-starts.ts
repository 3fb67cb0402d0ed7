// Days of use to eras: after a long silence an identifier belongs to somebody else.

/** The first day of each era: one that follows the day before it by more than the gap. Days of any order. */
export function eraStarts(days: readonly number[], gap: number): number[] {
  const sorted = days.toSorted((x, y) => x - y)
  return sorted.filter((day, i) => i === 0 || day - (sorted[i - 1] ?? day) > gap)
}

// Evidence ages by the gap it bridges, never by the wall clock. Integer table, so every engine ages alike.

/** Remaining per mille after k eighths of a half-life: round(1000 · 2^(−k/8)). */
const EIGHTHS = [1000, 917, 841, 771, 707, 648, 595, 545] as const
const HALVINGS_MAX = 10

/** What is left of `evidence` over a gap; both times in the same unit. A half-life of 0 never ages. */
export function aged(evidence: number, gap: number, halfLife: number): number {
  if (halfLife === 0 || gap <= 0) return evidence
  const eighths = Math.floor((gap * 8) / halfLife)
  const halvings = Math.floor(eighths / 8)
  if (halvings >= HALVINGS_MAX) return 0
  const permille = EIGHTHS[eighths % 8] ?? 0
  return Math.floor((evidence * permille) / (1000 * 2 ** halvings))
}

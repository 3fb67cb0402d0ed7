// What streams may cost, and how often they are looked after.

export interface StreamLimits {
  /** How often it is looked whether the feed has more; what came meanwhile is one write. */
  readonly lookEveryMs: number
  /** How often each is told that the connection lives, and whoever listens is asked whether they still may. */
  readonly heartbeatMs: number
  /** Who has taken nothing of what waits for so long is cut off. */
  readonly takesNothingMsMax: number
  /** What waits for one that does not read; past it nothing is written but a page that was begun. */
  readonly waitingBytesMax: number
  /** Rows of the feed that are read at once. */
  readonly pageRows: number
  /** Pages kept as bytes, for others who are at the same place. */
  readonly pagesMax: number
  /** At once, of one account. */
  readonly streamsMax: number
  /** How long one that is ended has for what was written to it. */
  readonly endWaitMs: number
}

const STREAMS_MAX = 2_000

export const STREAM_LIMITS: StreamLimits = {
  lookEveryMs: 100,
  heartbeatMs: 15_000,
  takesNothingMsMax: 60_000,
  waitingBytesMax: 256 * 1024,
  pageRows: 500,
  pagesMax: 8,
  streamsMax: STREAMS_MAX,
  endWaitMs: 250,
}

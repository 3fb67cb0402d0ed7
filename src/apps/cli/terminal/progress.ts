// A moving line with rate and time left, for whoever watches; nothing where nobody does.

import { count, duration } from './numbers.ts'
import type { Terminal } from './terminal.ts'

const EVERY_MS = 100

export interface Progress {
  /** `part`: how much of the whole is done, 0 to 1; null when the whole is not known. */
  update(done: number, part: number | null): void
  end(): void
}

/** `noun`: what is counted, in the plural. */
export function progressLine(terminal: Terminal, doing: string, noun: string): Progress {
  const startedAt = performance.now()
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    update: (done, part) => {
      const now = performance.now()
      if (!terminal.isWatched || now - shownAt < EVERY_MS) return
      shownAt = now
      const elapsedMs = now - startedAt
      const rate = elapsedMs > 0 ? (done * 1_000) / elapsedMs : 0
      const whole = part === null ? '' : `  ${Math.floor(part * 100)} %`
      const left =
        part === null || part <= 0 ? '' : `, ${duration((elapsedMs * (1 - part)) / part)} left`
      terminal.moving(`${doing}${whole}  ${count(done)} ${noun}, ${count(rate)}/s${left}`)
    },
    end: () => terminal.moving(''),
  }
}

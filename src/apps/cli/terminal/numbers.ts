// Numbers, times and lengths of time as people read them, the same on every machine.

const THOUSANDS = /\B(?=(\d{3})+$)/g

/** `1,234,567`. */
export function count(number: number): string {
  return String(Math.round(number)).replaceAll(THOUSANDS, ',')
}

/** `1 message`, `2,000 messages`. */
export function counted(number: number, noun: string, nouns: string = `${noun}s`): string {
  return `${count(number)} ${number === 1 ? noun : nouns}`
}

/** `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = ms / 1_000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** `2026-03-02 10:15` of an ISO 8601 text in UTC. */
export function minute(instant: string | null): string {
  if (instant === null) return 'not told'
  return instant.slice(0, 16).replace('T', ' ')
}

/** `0.987`; what is not quite certain is never rounded up to it. */
export function share(ratio: number, digits = 3): string {
  const scale = 10 ** digits
  const rounded = ratio < 1 ? Math.min(Math.round(ratio * scale), scale - 1) : scale
  return (rounded / scale).toFixed(digits)
}

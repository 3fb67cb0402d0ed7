// Times calls: by the clock, and by the CPU of this thread and of all of them, since machines are seldom quiet.

export class Stopwatch {
  readonly #eachMs: number[] = []
  #things = 0
  #threadMs = 0
  #processMs = 0

  /** Times one call that is about so many things. */
  async time<T>(things: number, call: () => Promise<T>): Promise<T> {
    const [start, thread, all] = [performance.now(), process.threadCpuUsage(), process.cpuUsage()]
    const answer = await call()
    this.#eachMs.push(performance.now() - start)
    this.#threadMs += milliseconds(process.threadCpuUsage(thread))
    this.#processMs += milliseconds(process.cpuUsage(all))
    this.#things += things
    return answer
  }

  get things(): number {
    return this.#things
  }

  rates(things: string): string {
    const clockMs = this.#eachMs.reduce((sum, ms) => sum + ms, 0)
    const rate = (ms: number): string =>
      Math.round((this.#things / ms) * 1_000).toLocaleString('en')
    const cpu = `${rate(this.#threadMs)} a CPU second here, ${rate(this.#processMs)} in all`
    return `${rate(clockMs)} ${things}/s (${cpu})`
  }

  each(): string {
    const sorted = this.#eachMs.toSorted((a, b) => a - b)
    const at = (share: number): string =>
      (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)
    return `ms each: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, max ${at(1)}`
  }
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000
}

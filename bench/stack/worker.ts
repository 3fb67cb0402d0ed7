// `selfsame process` or `selfsame archive` in a process of its own, watched by its metrics.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

import { spawn } from 'node:child_process'
import { cpuSecondsOf, peakBytesOf } from './servers.ts'

export interface Worker {
  readonly pid: number
  /** Waits until it has done so many records, and nothing is left. */
  done(records: number): Promise<Pace>
  stop(): Promise<void>
}

/** From the first records until the last. */
export interface Pace {
  readonly recordsPerSecond: number
  readonly cpuUsPerRecord: number
  /** Cores that it kept busy. */
  readonly cores: number
  readonly peakBytes: number
}

export interface WorkerOptions {
  /** Of Node, then the command line. */
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Of the counter that says how much it has done. */
  readonly counter: string
  /** Of the gauge that says how much is left. */
  readonly lag: string
}

const LOOK_EVERY_MS = 50
/** A message that came twice is archived once. */
const DONE_SHARE = 0.9

export async function startWorker({
  args,
  environment,
  counter,
  lag,
}: WorkerOptions): Promise<Worker> {
  const child = spawn(process.execPath, [...args, '--metrics-port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  let said = ''
  const hear = (piece: Buffer): void => void (said += piece.toString())
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const address = /metrics at (\S+)/
  while (!address.test(said)) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended: ${said}`)
    await sleep(LOOK_EVERY_MS)
  }
  const url = address.exec(said)?.[1] ?? ''
  const pid = child.pid ?? 0
  const count = async (): Promise<Pick<Look, 'records' | 'lag'>> => {
    const text = await (await fetch(url)).text()
    const sumOf = (name: string): number =>
      [...text.matchAll(new RegExp(`^${name}\\{.*\\} (\\d+)`, 'gm'))].reduce(
        (sum, [, number]) => sum + Number(number),
        0,
      )
    return { records: sumOf(counter), lag: sumOf(lag) }
  }
  const paced = async (records: number): Promise<Pace> => {
    let first: Look | null = null
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended: ${said}`)
      const look = { at: performance.now(), cpu: cpuSecondsOf(pid), ...(await count()) }
      if (look.lag === 0 && look.records > DONE_SHARE * records)
        return paceOf(first ?? look, look, peakBytesOf(pid))
      if (look.records > 0) first ??= look
      await sleep(LOOK_EVERY_MS)
    }
  }
  return {
    pid,
    done: paced,
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = child.exitCode === null ? ((await once(child, 'exit')) as [number]) : [0]
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`)
    },
  }
}

interface Look {
  readonly at: number
  readonly cpu: number
  readonly records: number
  readonly lag: number
}

function paceOf(first: Look, last: Look, peakBytes: number): Pace {
  const seconds = (last.at - first.at) / 1_000
  const records = last.records - first.records
  return {
    recordsPerSecond: records / seconds,
    cpuUsPerRecord: ((last.cpu - first.cpu) * 1e6) / records,
    cores: (last.cpu - first.cpu) / seconds,
    peakBytes,
  }
}

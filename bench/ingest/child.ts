// Runs a command as a process of its own and measures it from outside: seconds to its exit, and the most memory it held.

import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

const SAMPLE_MS = 50

export interface Measured {
  readonly seconds: number
  /** Peak resident set, bytes; 0 where the system does not tell. */
  readonly peakBytes: number
  readonly output: string
}

/** `program`: Node unless told. */
export function start(args: readonly string[], program = process.execPath): ChildProcess {
  return spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

export async function measure(args: readonly string[], program?: string): Promise<Measured> {
  const began = performance.now()
  const child = start(args, program)
  let output = ''
  let errors = ''
  let peakBytes = 0
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const sampling = setInterval(
    () => (peakBytes = Math.max(peakBytes, peakOf(child.pid))),
    SAMPLE_MS,
  )
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  clearInterval(sampling)
  const seconds = (performance.now() - began) / 1000
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${errors}`)
  return { seconds, peakBytes, output }
}

/** The kernel's own high-water mark of a process. */
function peakOf(pid: number | undefined): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

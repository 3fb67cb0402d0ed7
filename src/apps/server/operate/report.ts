// What the server has to say of itself: a line of JSON each, for programs that gather logs.
// Invariant: a line names what failed, never what was sent, who sent it, or a key.

import { ModelStopped, RunFailure } from '../../batch/runs.ts'
import { StoreError } from '../../../ports/store-error.ts'

export type Report = (cause: unknown) => void

/** Reports failures as lines to `write`. */
export function reportTo(write: (line: string) => void): Report {
  return (cause) => write(logLine(described(cause)))
}

/** The line of something that was expected. */
export function lineOfEvent(event: 'started' | 'stopping' | 'stopped'): string {
  return logLine({ level: 'info', event, pid: process.pid })
}

function logLine(said: object): string {
  return JSON.stringify({ at: new Date().toISOString(), ...said })
}

function described(cause: unknown): object {
  if (cause instanceof StoreError) {
    const { code, message, retryable } = cause
    return { level: 'error', event: 'store_failed', code, message, retryable }
  }
  if (cause instanceof RunFailure) {
    const { account, message } = cause
    return { level: 'error', event: 'run_failed', account, message, why: 'GET /v1/runs' }
  }
  if (cause instanceof ModelStopped) {
    const { account, message, drift } = cause
    const { version, right, wrong } = drift
    return { level: 'warn', event: 'model_stopped', account, message, version, right, wrong }
  }
  // Of a bug the stack tells where; its message may hold what was sent.
  const stack = cause instanceof Error ? (cause.stack ?? '') : ''
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const name = cause instanceof Error ? cause.name : typeof cause
  return { level: 'error', event: 'bug', name, stack: frames.map((line) => line.trim()) }
}

// What tests of the event log share: a directory of their own, a file system of their own, and messages to put in.
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sampleMessage } from '../../src/ports/conformance/event-log.subject.ts'
import type { MessageRecord } from '../../src/ports/event-log.ts'

export const account = 'default'
export const digest = (text: string): string => hash('sha256', text, 'hex')

/** Runs `work` in a new directory, which is removed afterwards. */
export async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'selfsame-log-'))
  try {
    await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Runs a command of the system; throws if it fails. */
function run(command: string, ...words: readonly string[]): void {
  execFileSync(command, words, { stdio: 'ignore' })
}

/** Why a file system cannot be mounted here, or null. */
export const noMount: string | null =
  process.platform === 'linux' && process.getuid?.() === 0 && tryMount()
    ? null
    : 'needs Linux and the right to mount a file system in memory'

function tryMount(): boolean {
  try {
    run('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir())
    return true
  } catch {
    return false
  }
}

/** Runs `work` on a file system in memory of so many bytes, which is unmounted afterwards. */
export async function withSmallDisk(
  bytes: number,
  work: (directory: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory)
    try {
      await work(directory)
    } finally {
      run('umount', '-l', directory)
    }
  })
}

/** Makes a file system that was mounted refuse to be written, or take it again. */
export function remount(directory: string, mode: 'ro' | 'rw'): void {
  run('mount', '-o', `remount,${mode}`, directory)
}

/** Message number `number` of a stream in which every seventh names an e-mail; the same number, the same message. */
export function numberedMessage(number: number): MessageRecord {
  const email = number % 7 === 0 ? `mail ${number % 3}` : undefined
  return sampleMessage({ account, digest }, `message ${number}`, {
    at: 1_700_000_000_000 + ((number * 7919) % 100_000),
    cookie: `cookie ${number % 11}`,
    ...(email === undefined ? {} : { email }),
  })
}

/** Messages from number `from` to before `to`. */
export function numberedMessages(from: number, to: number): MessageRecord[] {
  return Array.from({ length: to - from }, (_, at) => numberedMessage(from + at))
}

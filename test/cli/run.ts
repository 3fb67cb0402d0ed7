// The command line as people run it: from source, in a process of its own, in a folder of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, expect, vi } from 'vitest'

import type { ProfileAnswer, TimelineAnswer } from '../../src/apps/answers/answer.ts'

// Every command is a process of its own, and a busy machine may take seconds to start one.
vi.setConfig({ testTimeout: 180_000 })

const MAIN = fileURLToPath(new URL('../../src/apps/cli/main.ts', import.meta.url))

/** What was compiled stays for the next process, which then starts in two thirds of the time. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/selfsame', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  /** Standard input; none by default. */
  readonly input?: string | Uint8Array
  readonly environment?: Readonly<Record<string, string>>
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ran>
  /** Resolves with all of standard output up to now, once it satisfies the test. */
  said(enough: (stdout: string) => boolean): Promise<string>
}

export function start(args: readonly string[], { cwd, input, environment }: RunOptions): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: {
      ...process.env,
      NO_COLOR: '1',
      SELFSAME_DATA: undefined,
      NODE_COMPILE_CACHE: COMPILED,
      ...environment,
    },
  })
  let [stdout, stderr] = ['', '']
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const watch of watchers) watch()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  if (input !== undefined) child.stdin.end(input)
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  const said = (enough: (stdout: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        if (!enough(stdout)) return
        watchers.delete(watch)
        resolve(stdout)
      }
      watchers.add(watch)
      watch()
      void ended.then(() => reject(new Error(`it ended: ${stderr}`)))
    })
  return { child, ended, said }
}

export async function run(args: readonly string[], options: RunOptions): Promise<Ran> {
  return start(args, { input: '', ...options }).ended
}

/** What a command answered under `--json`; the test says what it must look like. */
export async function runJson<T = unknown>(
  args: readonly string[],
  options: RunOptions,
): Promise<T> {
  const ran = await run([...args, '--json'], options)
  if (ran.code !== 0) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`)
  return JSON.parse(ran.stdout) as T
}

/** Expects a command to fail, in words and without a stack. */
export async function fails(
  args: readonly string[],
  options: RunOptions,
  code: number,
  words: string | RegExp,
): Promise<void> {
  const ran = await run(args, options)
  expect(ran.stderr).toMatch(words)
  expect(ran.stderr).not.toContain('    at ')
  expect(ran.code).toBe(code)
}

/** What `ingest --json` says. */
export interface LoadAnswer {
  readonly accepted: number
  readonly duplicates: number
  readonly rejects_file: string
  readonly stopped_at: { readonly file: string; readonly line: number } | null
}

/** What `profile --json` says. */
export type ProfileSaid = ProfileAnswer & { readonly timeline: TimelineAnswer['events'] }

export async function profileOf(asked: string, options: RunOptions): Promise<ProfileSaid> {
  return runJson<ProfileSaid>(['profile', asked], options)
}

export interface Served {
  readonly url: string
  /** Of an administrator and of the site `default`; empty when they were made by an earlier server. */
  readonly token: string
  readonly writeKey: string
  readonly running: Running
  stop(): Promise<Ran>
}

/** What `serve --json` says when it listens; keys of an account that had none. */
interface ServeSaid {
  readonly url: string
  readonly accounts: readonly {
    readonly account: string
    readonly admin_token: string | null
    readonly write_keys: readonly { readonly site: string; readonly key: string }[]
  }[]
}

/** A server on a port of its own; stopped by the test, or at the end of the file. */
export async function serve(cwd: string, ...args: readonly string[]): Promise<Served> {
  const running = start(['serve', '--port', '0', '--json', ...args], { cwd })
  const said = await running.said((text) => text.includes('\n'))
  const { url, accounts } = JSON.parse(said) as ServeSaid
  const { admin_token: token = '', write_keys: writeKeys = [] } = accounts[0] ?? {}
  const writeKey = writeKeys[0]?.key
  const stop = async (): Promise<Ran> => {
    running.child.kill('SIGTERM')
    return running.ended
  }
  leftovers.push(async () => {
    await stop()
  })
  return { url, token: token ?? '', writeKey: writeKey ?? '', running, stop }
}

const leftovers: (() => Promise<void>)[] = []

/** A folder that is removed at the end of the file. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'selfsame-test-'))
  leftovers.unshift(() => rm(path, { recursive: true, force: true }))
  return path
}

afterAll(async () => {
  for (const leave of leftovers.splice(0).toReversed()) await leave()
})

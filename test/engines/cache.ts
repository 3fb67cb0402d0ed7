// Where fetched servers are kept between runs: $SELFSAME_ENGINES, or a folder in the user's cache.
// Invariant: each is fetched once at a time over all processes, and stands under its name only when it is whole.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const WAIT_MS = 200
const FETCH_MS_MAX = 600_000
/** A lock whose owner had not even written its pid by then is nobody's. */
const UNSIGNED_MS_MAX = 10_000

const ROOT =
  process.env['SELFSAME_ENGINES'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'selfsame-engines')

const run = promisify(execFile)

/** Runs a program to its end. @returns what it wrote @throws with what it said when it fails */
export async function execute(
  program: string,
  args: readonly string[],
  directory: string,
): Promise<string> {
  const limits = { cwd: directory, timeout: FETCH_MS_MAX, maxBuffer: 64 << 20 }
  const { stdout } = await run(program, [...args], limits)
  return stdout
}

/** The folder of this name, filled by `fetch` when it is not there yet. */
export async function cached(
  name: string,
  fetch: (directory: string) => Promise<void>,
): Promise<string> {
  const target = join(ROOT, name)
  if (existsSync(target)) return target
  return locked(name, async () => {
    if (existsSync(target)) return target
    const directory = await mkdtemp(join(ROOT, `${name}.part-`))
    try {
      await fetch(directory)
      await rename(directory, target)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
    return target
  })
}

/** Does something that only one process of this machine may do at a time. */
export async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  await mkdir(ROOT, { recursive: true })
  const lock = join(ROOT, `${name}.lock`)
  while (!(await taken(lock))) {
    if (await isAbandoned(lock)) await rm(lock, { force: true })
    else await sleep(WAIT_MS)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw cause
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(lock, 'utf8'))
    if (pid > 0) return !isAlive(pid)
    return Date.now() - (await stat(lock)).mtimeMs > UNSIGNED_MS_MAX
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false
    throw cause
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return codeOf(cause) === 'EPERM'
  }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}

// The rejects of an account as they lie in its directory: listed latest first, and rewritten without those that were
// taken after all.
// Invariant: a reject leaves its file only once its message is durable in the log, or is there already.

import { open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

import { z } from 'zod'

import { systemCodeOf, systemError } from '../user-error.ts'
import { writeDurably } from './durable-file.ts'
import { isAlive } from './is-alive.ts'
import { jsonOf } from '../json-text.ts'

const line = z.looseObject({
  at: z.iso.datetime(),
  source: z.string(),
  site: z.string().optional(),
  historical: z.boolean().optional(),
  file: z.string().optional(),
  line: z.int().optional(),
  reason: z.string(),
  detail: z.string(),
  raw: z.string().optional(),
})

export type RejectLine = z.infer<typeof line>

export interface KeptReject extends RejectLine {
  /** Its place: file and offset in it. */
  readonly id: string
}

const FILE = /^(?:ingest|serve)-(?<when>[\dT-]+Z)(?:-(?<pid>\d+))?\.ndjson$/
const ID = /^(?<file>[\w.-]+):(?<offset>\d{1,15})$/
const CHUNK_BYTES = 64 * 1024

/** The latest rejects before the one with the id `before`, latest first. Null for an id that is none. */
export async function listRejects(
  directory: string,
  before: string | null,
  limit: number,
): Promise<{ readonly rejects: readonly KeptReject[]; readonly next: string | null } | null> {
  const place = before === null ? null : ID.exec(before)?.groups
  if (place === undefined) return null
  const files = (await filesIn(directory)).toReversed()
  const from = place === null ? 0 : files.indexOf(place['file'] ?? '')
  if (from < 0) return null
  const rejects: KeptReject[] = []
  for (const file of files.slice(from)) {
    const end = file === place?.['file'] ? Number(place['offset']) : null
    const lines = await lastLines(join(directory, file), end, limit + 1 - rejects.length)
    for (const { offset, text } of lines) {
      const parsed = line.safeParse(jsonOf(text))
      if (parsed.success) rejects.push({ ...parsed.data, id: `${file}:${offset}` })
    }
    if (rejects.length > limit) break
  }
  const page = rejects.slice(0, limit)
  return { rejects: page, next: rejects.length > limit ? (page.at(-1)?.id ?? null) : null }
}

/** Takes rejects again; for each whether it is settled now, durable in the log. */
export type TakeAgain = (rejects: readonly RejectLine[]) => Promise<readonly boolean[]>

const TOGETHER = 500

/** Offers every reject once more and keeps those that are still refused. Files that another process writes are left. */
export async function offerAgain(
  directory: string,
  take: TakeAgain,
): Promise<{ readonly settled: number; readonly left: number }> {
  const total = { settled: 0, left: 0 }
  for (const file of await filesIn(directory)) {
    const pid = Number(FILE.exec(file)?.groups?.['pid'] ?? 0)
    if (pid !== 0 && pid !== process.pid && isAlive(pid)) continue
    const { settled, left } = await offerFile(join(directory, file), take)
    total.settled += settled
    total.left += left
  }
  return total
}

async function offerFile(
  path: string,
  take: TakeAgain,
): Promise<{ readonly settled: number; readonly left: number }> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((text) => text !== '')
  const left: string[] = []
  for (let at = 0; at < lines.length; at += TOGETHER) {
    const texts = lines.slice(at, at + TOGETHER)
    const read = texts.map((text) => line.safeParse(jsonOf(text)))
    const settled = await take(read.flatMap(({ data }) => data ?? []))
    let next = 0
    texts.forEach((text, i) => {
      if (read[i]?.success !== true || settled[next++] !== true) left.push(text)
    })
  }
  if (left.length === 0) await rm(path)
  else if (left.length < lines.length) await writeDurably(path, `${left.join('\n')}\n`)
  return { settled: lines.length - left.length, left: left.length }
}

/** Files of rejects, oldest first. */
async function filesIn(directory: string): Promise<readonly string[]> {
  try {
    const files = (await readdir(directory)).filter((file) => FILE.test(file))
    const whenOf = (file: string): string => FILE.exec(file)?.groups?.['when'] ?? ''
    return files.toSorted((a, b) => (whenOf(a) < whenOf(b) ? -1 : 1))
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return []
    throw systemError(`read ${directory}`, cause)
  }
}

interface Line {
  readonly offset: number
  readonly text: string
}

/** The last lines that end before an offset (null: the end of the file), last first. */
async function lastLines(
  path: string,
  end: number | null,
  limit: number,
): Promise<readonly Line[]> {
  const handle = await open(path, 'r')
  try {
    const lines: Line[] = []
    let rest: Buffer = Buffer.alloc(0)
    let at = end ?? (await handle.stat()).size
    while (lines.length < limit && at > 0) {
      const start = Math.max(0, at - CHUNK_BYTES)
      rest = Buffer.concat([await bytesOf(handle, start, at), rest])
      at = start
      rest = takeLines(rest, at, limit, lines)
    }
    return lines
  } finally {
    await handle.close()
  }
}

/** Moves whole lines from the end of `bytes`, which begin at `start` of the file, to `lines`; gives back the rest. */
function takeLines(bytes: Buffer, start: number, limit: number, lines: Line[]): Buffer {
  let end = bytes.length
  while (lines.length < limit && end > 0) {
    const last = bytes[end - 1] === LINE_FEED ? end - 1 : end
    // An offset below 0 would count from the end.
    const before = last === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, last - 1)
    if (before < 0 && start > 0) break
    const text = bytes.toString('utf8', before + 1, last)
    if (text !== '') lines.push({ offset: start + before + 1, text })
    end = before + 1
  }
  return bytes.subarray(0, end)
}

const LINE_FEED = 10

async function bytesOf(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start)
  await handle.read(bytes, 0, bytes.length, start)
  return bytes
}

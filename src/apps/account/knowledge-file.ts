// What an account has learned, in files: the model with the figures of its training as JSON, and beside it what is known
// of witnesses, which is long, as arrays. Invariant: the JSON names the other file, which is whole before it is named.

import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'

import { z } from 'zod'

import type { LearnedFromLog } from '../../batch/learning/learn-from-log.ts'
import type { Training } from '../../batch/learning/learn.ts'
import { type Drift, driftUnder } from '../../core/evidence/learned/drift.ts'
import { documentOf, modelOf } from '../../core/evidence/learned/model-document.ts'
import type { Knowledge, KnownWitnesses } from '../../core/policy/knowledge.ts'
import { jsonOf } from '../json-text.ts'
import { systemCodeOf, systemError } from '../user-error.ts'
import { forgetDrift, readDrift } from './drift-file.ts'
import { textIfThere, writeDurably } from './durable-file.ts'
import type { AccountLayout } from './layout.ts'

const FORMAT = 1

const weights = z.record(z.string(), z.array(z.int()))
const summed = z.looseObject({ checksum: z.int() })
const knowledgeFile = z.looseObject({
  format: z.literal(FORMAT),
  version: z.string().nullable(),
  model: z
    .looseObject({ bias: z.int(), joinFrom: z.int(), signals: weights, pairs: weights })
    .nullable(),
  training: z.looseObject({ refused: z.string().nullable() }),
})

/** What was learned, and whether it is gone by. */
export interface Learnt {
  /** Null where it is not good enough, or cannot be read. */
  readonly knowledge: Knowledge | null
  readonly training: Training | null
  /** What whoever keeps the installation should know; null when all is well. */
  readonly notice: string | null
  /** What new logins have said of it. */
  readonly drift: Drift
}

const NOTHING = { knowledge: null, training: null, notice: null, drift: driftUnder(null, null) }
/** Goes on after what has become of what was learned. */
export const UNTIL_NEXT_RUN =
  'whoever is decided goes by the fixed rules until the next run has learned it again'
const UNREADABLE = `what was learned cannot be read (damaged, or of another version of Selfsame): ${UNTIL_NEXT_RUN}`

/** What an account has learned last. A damaged file is no error: the next run makes it anew. */
export async function readKnowledge(layout: AccountLayout): Promise<Learnt> {
  const { knowledgeFile: path } = layout
  const text = await textIfThere(path)
  if (text === null) return NOTHING
  const content = summed.safeParse(jsonOf(text))
  const file = knowledgeFile.safeParse(content.data)
  if (!content.success || !file.success || content.data.checksum !== checksumOf(content.data))
    return { ...NOTHING, notice: UNREADABLE }
  const { version, model: document } = file.data
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own writing, and only shown
  const training = file.data.training as unknown as Training
  if (version === null || document === null) return { ...NOTHING, training }
  const model = modelOf(document)
  const witnesses = await readWitnesses(witnessesFile(path, version))
  if (model === null || witnesses === null) return { ...NOTHING, training, notice: UNREADABLE }
  const counted = await readDrift(layout)
  const stopped = counted?.version === version && counted.stopped
  const knowledge = { version, model, witnesses, stopped }
  return { knowledge, training, notice: null, drift: driftUnder(knowledge, counted) }
}

/** Makes it what the account has learned last, of which no login has said anything yet; durable when this resolves. */
export async function writeKnowledge(
  layout: AccountLayout,
  { knowledge, training }: LearnedFromLog,
): Promise<void> {
  const { knowledgeFile: path } = layout
  try {
    if (knowledge !== null)
      await writeDurably(witnessesFile(path, knowledge.version), bytesOf(knowledge.witnesses))
    const content = {
      format: FORMAT,
      version: knowledge?.version ?? null,
      training,
      model: knowledge === null ? null : documentOf(knowledge.model),
    }
    const whole = { ...content, checksum: checksumOf(content) }
    await writeDurably(path, `${JSON.stringify(whole, null, 2)}\n`)
    await forgetDrift(layout)
    await removeOthers(path, knowledge?.version ?? null)
  } catch (cause) {
    throw systemError(`write ${path}`, cause)
  }
}

/** Of what the file says, as it says it: weights that somebody changed by hand are not what was learned. */
function checksumOf({ version, training, model }: Readonly<Record<string, unknown>>): number {
  return crc32(JSON.stringify([version, training, model]))
}

function witnessesFile(path: string, version: string): string {
  return path.replace(/\.json$/, `-${version}.witnesses`)
}

/** The rest of a name: another account's begins with this one's, and goes on. */
const NAMED = /^[^-]+\.witnesses$/

async function removeOthers(path: string, version: string | null): Promise<void> {
  const kept = version === null ? '' : basename(witnessesFile(path, version))
  const mine = `${basename(path, '.json')}-`
  for (const name of await readdir(dirname(path)))
    if (name.startsWith(mine) && NAMED.test(name.slice(mine.length)) && name !== kept)
      await rm(join(dirname(path), name), { force: true })
}

const MAGIC = 0x53454c46
const HEADER_WORDS = 6

/** Magic, format, rows, clues, cookies in all, checksum of what follows; then the arrays, the widest first. */
function bytesOf({
  number,
  cookies,
  devices,
  shape,
  cookiesInAll,
  clue,
  clueCookies,
}: KnownWitnesses): Buffer {
  const body = Buffer.concat(
    [number, cookies, devices, clue, clueCookies, shape].map((array) =>
      Buffer.from(array.buffer, array.byteOffset, array.byteLength),
    ),
  )
  const header = Uint32Array.of(
    MAGIC,
    FORMAT,
    number.length,
    clue.length,
    cookiesInAll,
    crc32(body),
  )
  return Buffer.concat([Buffer.from(header.buffer), body])
}

/** Null for a file that is gone, cut or changed. */
async function readWitnesses(path: string): Promise<KnownWitnesses | null> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null
    throw systemError(`read ${path}`, cause)
  }
  const headerBytes = HEADER_WORDS * Uint32Array.BYTES_PER_ELEMENT
  if (bytes.length < headerBytes) return null
  const header = new Uint32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + headerBytes),
  )
  const [magic, format, rows = 0, clues = 0, cookiesInAll = 0, checksum] = header
  const body = bytes.subarray(headerBytes)
  const expected = rows * (8 + 4 + 4 + 1) + clues * 8
  if (magic !== MAGIC || format !== FORMAT || body.length !== expected) return null
  if (crc32(body) !== checksum) return null
  let at = 0
  const next = (length: number): ArrayBuffer => {
    const copy = new ArrayBuffer(length)
    new Uint8Array(copy).set(body.subarray(at, at + length))
    at += length
    return copy
  }
  return {
    number: new BigInt64Array(next(rows * 8)),
    cookies: new Uint32Array(next(rows * 4)),
    devices: new Uint32Array(next(rows * 4)),
    clue: new Uint32Array(next(clues * 4)),
    clueCookies: new Uint32Array(next(clues * 4)),
    shape: new Uint8Array(next(rows)),
    cookiesInAll,
  }
}

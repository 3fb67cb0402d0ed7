// The body of a request: gzip or not, announced or not, never more bytes than the limit, packed or unpacked.

import type { Context } from 'hono'

import { jsonOf } from '../../json-text.ts'
import type { Env, ServerParts } from '../parts.ts'
import type { Bytes, Speaking } from './posted-body.ts'
import { WIRES, type RefusalReason, type Wire } from './wire.ts'

const GZIP_MAGIC = [0x1f, 0x8b]

export type Body =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `cut_off`: the connection ended before the body did. */
  | { readonly ok: false; readonly reason: 'too_large' | 'bad_gzip' | 'cut_off' }

const TOO_LARGE: Body = { ok: false, reason: 'too_large' }

/**
 * @param bytesMax of the body, both as sent and inflated
 * @throws {Overloaded} when more arrives than can be taken
 */
export async function readBody(
  { traffic }: ServerParts,
  { env, req }: Context<Env>,
  bytesMax: number,
): Promise<Body> {
  const announced = req.header('content-length')
  if (announced !== undefined && Number(announced) > bytesMax) return TOO_LARGE
  const sent = await traffic.receive(
    async (arrived) =>
      env.body?.(bytesMax, arrived) ?? readBounded(req.raw.body, bytesMax, arrived),
  )
  if (typeof sent === 'string') return { ok: false, reason: sent }
  if (!GZIP_MAGIC.every((byte, i) => sent[i] === byte)) return { ok: true, bytes: sent }
  try {
    const inflated = new Response(sent).body?.pipeThrough(new DecompressionStream('gzip')) ?? null
    const bytes = await readBounded(inflated, bytesMax)
    return typeof bytes === 'string' ? TOO_LARGE : { ok: true, bytes }
  } catch {
    return { ok: false, reason: 'bad_gzip' }
  }
}

/** The body as JSON; undefined where nothing was sent, null where it is no JSON, or too much. @throws {Overloaded} */
export async function readJson(
  parts: ServerParts,
  c: Context<Env>,
  bytesMax: number,
): Promise<unknown> {
  const read = await readBody(parts, c, bytesMax)
  if (!read.ok) return null
  return read.bytes.length === 0 ? undefined : jsonOf(new TextDecoder().decode(read.bytes))
}

/** @param wire null: the path is used by several protocols */
export function speakingOf(c: Context<Env>, wire: Wire | null): Speaking {
  // RudderStack's browser client names the visitor in a header, for sticky routing.
  const told = c.req.header('anonymousid') === undefined ? 'segment' : 'rudderstack'
  const encoding = (c.req.header('content-encoding') ?? '').trim().toLowerCase()
  return { wire: wire?.name ?? told, isSure: wire !== null, encoding }
}

/** The bytes of the body, unpacked; or why there are none. @throws {Overloaded} */
export async function receivePosted(
  parts: ServerParts,
  c: Context<Env>,
  { wire, isSure }: Speaking,
): Promise<Bytes | RefusalReason> {
  const { limits } = parts.settings
  const wires = isSure ? [WIRES[wire]] : Object.values(WIRES)
  const read = await readBody(parts, c, Math.max(...wires.map((one) => one.bodyBytesMax(limits))))
  return read.ok ? read.bytes : read.reason
}

/** All bytes of a stream, at most so many. */
async function readBounded(
  stream: ReadableStream<Uint8Array> | null,
  bytesMax: number,
  arrived?: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer> | 'too_large'> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream ?? []) {
    length += chunk.length
    if (length > bytesMax) return 'too_large'
    arrived?.(chunk.length)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

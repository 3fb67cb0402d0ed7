// The body of a request: gzip or not, announced or not, never more bytes than the limit, packed or unpacked.

const GZIP_MAGIC = [0x1f, 0x8b]

export type Body =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly reason: 'too_large' | 'bad_gzip' }

const TOO_LARGE: Body = { ok: false, reason: 'too_large' }

/** @param bytesMax of the body, both as sent and inflated */
export async function readBody(request: Request, bytesMax: number): Promise<Body> {
  const announced = request.headers.get('content-length')
  if (announced !== null && Number(announced) > bytesMax) return TOO_LARGE
  // The parser of HTTP holds a sender to the length it announced.
  const sent =
    announced === null
      ? await readBounded(request.body, bytesMax)
      : new Uint8Array(await request.arrayBuffer())
  if (sent === null) return TOO_LARGE
  if (!GZIP_MAGIC.every((byte, i) => sent[i] === byte)) return { ok: true, bytes: sent }
  try {
    const inflated = new Response(sent).body?.pipeThrough(new DecompressionStream('gzip')) ?? null
    const bytes = await readBounded(inflated, bytesMax)
    return bytes === null ? TOO_LARGE : { ok: true, bytes }
  } catch {
    return { ok: false, reason: 'bad_gzip' }
  }
}

/** All bytes of a stream; null when there are more than `bytesMax`. */
async function readBounded(
  stream: ReadableStream<Uint8Array> | null,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream ?? []) {
    length += chunk.length
    if (length > bytesMax) return null
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

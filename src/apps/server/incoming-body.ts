// The body of a request as Node receives it: its pieces straight from the socket, without a stream around them.
// Invariant: a body that came in full is taken, also when its sender has left meanwhile.

import type { Readable } from 'node:stream'

import type { ReceivedBody } from './parts.ts'

interface Incoming extends Readable {
  /** All of it was received, read or not. */
  readonly complete: boolean
}

/** All bytes of it, at most so many. What `arrived` throws fails it. */
export async function bodyOf(
  incoming: Incoming,
  bytesMax: number,
  arrived: (bytes: number) => void,
): Promise<ReceivedBody> {
  const pieces: Buffer<ArrayBuffer>[] = []
  let length = 0
  const take = (piece: Buffer<ArrayBuffer>): void => {
    length += piece.length
    if (length > bytesMax) return
    arrived(piece.length)
    pieces.push(piece)
  }
  const whole = (): ReceivedBody => {
    const [first] = pieces
    if (length > bytesMax) return 'too_large'
    return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces, length)
  }
  /** What Node has of the body when the connection is gone. */
  const left = (): ReceivedBody => {
    if (!incoming.complete) return 'cut_off'
    let piece: unknown
    while ((piece = incoming.read()) !== null) if (isPiece(piece)) take(piece)
    return whole()
  }
  if (incoming.destroyed && !incoming.readableEnded) return left()
  return new Promise((resolve, reject) => {
    const settle = (how: () => ReceivedBody): void => {
      incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
      try {
        resolve(how())
      } catch (cause) {
        reject(cause)
      }
    }
    const onEnd = (): void => settle(whole)
    const onGone = (): void => settle(left)
    const onData = (piece: Buffer<ArrayBuffer>): void => {
      try {
        take(piece)
      } catch (cause) {
        settle(() => {
          throw cause
        })
      }
      if (length > bytesMax) settle(whole)
    }
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}

function isPiece(piece: unknown): piece is Buffer<ArrayBuffer> {
  return Buffer.isBuffer(piece)
}

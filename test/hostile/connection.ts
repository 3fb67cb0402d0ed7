// A connection in the hands of somebody who does not play by the rules: bytes as they are, when they like.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Line {
  readonly socket: Socket
  /** All that was answered, once the connection is closed. */
  readonly closed: Promise<string>
  /** Resolves with what was answered up to now, once it satisfies the test or the connection is closed. */
  said(enough: (text: string) => boolean): Promise<string>
}

/** Sends the text and leaves the connection open. */
export async function line(url: string, text: string | Uint8Array = ''): Promise<Line> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let answered = ''
  const watchers = new Set<() => void>()
  socket.setEncoding('latin1').on('data', (piece: string) => {
    answered += piece
    for (const watch of watchers) watch()
  })
  // To be cut off is what these connections are for.
  socket.on('error', () => undefined)
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(answered))
  })
  const said = async (enough: (text: string) => boolean): Promise<string> =>
    Promise.race([
      closed,
      new Promise<string>((resolve) => {
        const watch = (): void => {
          if (enough(answered)) resolve(answered)
        }
        watchers.add(watch)
        watch()
      }),
    ])
  await new Promise<void>((resolve) => {
    socket.once('connect', () => resolve()).once('close', () => resolve())
  })
  if (text.length > 0) socket.write(text)
  return { socket, closed, said }
}

/** Writes a piece again and again, as fast as it is taken or every so many ms, until the connection is closed. */
export async function drip(
  { socket, closed }: Line,
  piece: string | Uint8Array,
  everyMs = 0,
): Promise<void> {
  while (!socket.destroyed && socket.writable) {
    const taken = socket.write(piece)
    if (everyMs > 0) await sleep(everyMs)
    else if (!taken) await Promise.race([once(socket, 'drain').catch(() => undefined), closed])
  }
}

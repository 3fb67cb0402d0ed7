// The floor: a bare server of Node that writes the same bytes, in the same pieces and at the same pace, to as many
// sockets. Told by messages: what to write, then to begin; it answers when it wrote what.

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Piece {
  /** ms after the first. */
  readonly after: number
  readonly text: string
}

export interface FloorDone {
  /** When each piece was written; ms since the epoch. */
  readonly writtenAt: readonly number[]
  readonly cpuSeconds: number
}

const HELLO = 'id: floor-0\nevent: hello\ndata: {}\n\n'
const now = (): number => performance.timeOrigin + performance.now()

const open = new Set<ServerResponse>()
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(HELLO)
  open.add(response)
  response.on('close', () => open.delete(response))
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})

process.on('message', (pieces: readonly Piece[]) => {
  void (async () => {
    const cpu = process.cpuUsage()
    const began = now()
    const writtenAt: number[] = []
    for (const { after, text } of pieces) {
      await sleep(Math.max(0, began + after - now()))
      const bytes = Buffer.from(text)
      writtenAt.push(now())
      for (const response of open) response.write(bytes)
    }
    const { user, system } = process.cpuUsage(cpu)
    process.send?.({ writtenAt, cpuSeconds: (user + system) / 1e6 } satisfies FloorDone)
  })()
})
process.once('disconnect', () => process.exit(0))

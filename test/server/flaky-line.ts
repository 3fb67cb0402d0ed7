// A line between a client and a server that somebody else may cut, or lay to another server, at any instant.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface FlakyLine {
  readonly url: string
  /** Connections that were cut up to now. */
  readonly cuts: number
  /** Leads to another server from now on. */
  leadTo(url: string): void
  /** Cuts every connection there is; bytes that are on their way are lost. */
  cut(): void
  close(): Promise<void>
}

export async function flakyLine(target: string): Promise<FlakyLine> {
  let to = new URL(target)
  let cuts = 0
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    cuts += open.size
    for (const socket of open) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts
    },
    leadTo: (url) => {
      to = new URL(url)
    },
    cut,
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

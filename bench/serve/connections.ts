// Connections of a client that costs next to nothing: requests are bytes made beforehand, of an answer only its status
// and its end are read. One request at a time on each connection, kept alive.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  /** From when it was to be sent to the end of the answer. */
  readonly ms: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = /content-length: (\d+)/i

class Connection {
  readonly #socket: Socket
  #answered: ((status: number) => void) | null = null
  #text: Buffer = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (piece: Buffer) => this.#take(piece))
    // A connection that is cut counts as an answer of its own.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#answer(0))
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  /** The status; 0 when the connection was cut. */
  async send(request: Buffer): Promise<number> {
    return new Promise((answered) => {
      this.#answered = answered
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(piece: Buffer): void {
    this.#text = this.#text.length === 0 ? piece : Buffer.concat([this.#text, piece])
    const headEnd = this.#text.indexOf(HEAD_END)
    if (headEnd < 0) return
    const head = this.#text.toString('latin1', 0, headEnd)
    const length = Number(LENGTH.exec(head)?.[1] ?? 0)
    if (this.#text.length < headEnd + HEAD_END.length + length) return
    this.#text = Buffer.alloc(0)
    this.#answer(Number(head.slice(9, 12)))
  }

  #answer(status: number): void {
    const answered = this.#answered
    this.#answered = null
    answered?.(status)
  }
}

/** A few connections; who finds none free waits, and that counts. */
export class Connections {
  readonly #host: string
  readonly #port: number
  readonly #max: number
  readonly #idle: Connection[] = []
  readonly #waiting: ((connection: Connection) => void)[] = []
  #open = 0

  constructor(url: string, max: number) {
    const { hostname, port } = new URL(url)
    this.#host = hostname
    this.#port = Number(port)
    this.#max = max
  }

  async send(request: Buffer): Promise<Answer> {
    const began = performance.now()
    const connection = await this.#free()
    const status = await connection.send(request)
    const next = this.#waiting.shift()
    if (!connection.isOpen) {
      this.#open--
      if (next !== undefined) void this.#connect().then(next)
    } else if (next === undefined) this.#idle.push(connection)
    else next(connection)
    return { status, ms: performance.now() - began }
  }

  close(): void {
    for (const connection of this.#idle) connection.close()
  }

  async #free(): Promise<Connection> {
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) {
      // A server does not wait for ever.
      if (one.isOpen) return one
      this.#open--
    }
    if (this.#open < this.#max) return this.#connect()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  async #connect(): Promise<Connection> {
    this.#open++
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true })
    await once(socket, 'connect')
    return new Connection(socket)
  }
}

/** The bytes of a request. */
export function requestOf(
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Buffer {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const length = method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : ''
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`)
}

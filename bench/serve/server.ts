// A server in a process of its own: `selfsame serve`, or the same server with a handler that does nothing.

import { readFileSync } from 'node:fs'
import { once } from 'node:events'

import { start } from '../ingest/child.ts'

const EMPTY = new URL('./empty.ts', import.meta.url).pathname

export interface Server {
  readonly url: string
  readonly writeKey: string
  readonly token: string
  /** CPU seconds it has used up to now; 0 where the system does not tell. */
  cpuSeconds(): number
  /** Peak resident set, bytes. */
  peakBytes(): number
  stop(): Promise<void>
}

export async function startEmpty(): Promise<Server> {
  return started([EMPTY])
}

/** @param options of Node */
export async function startServe(
  cli: string,
  data: string,
  options: readonly string[] = [],
): Promise<Server> {
  return started([...options, cli, 'serve', '--port', '0', '--data', data, '--json'])
}

interface Said {
  readonly url: string
  readonly accounts?: readonly {
    readonly admin_token: string
    readonly write_keys: readonly { readonly key: string }[]
  }[]
}

/** `args`: of Node; the program says `{ url }` as a line of JSON when it listens. */
export async function started(args: readonly string[]): Promise<Server> {
  const child = start(args)
  let errors = ''
  child.stderr?.on('data', (piece: Buffer) => (errors += piece.toString()))
  let text = ''
  while (!text.includes('\n')) {
    const [piece] = (await Promise.race([
      once(child.stdout ?? child, 'data'),
      once(child, 'exit').then(() => {
        throw new Error(`the server ended: ${errors}`)
      }),
    ])) as [Buffer]
    text += piece.toString()
  }
  const { url, accounts: [account] = [] } = JSON.parse(text) as Said
  const proc = (file: string): string => readFileSync(`/proc/${child.pid}/${file}`, 'utf8')
  return {
    url,
    writeKey: account?.write_keys[0]?.key ?? '',
    token: account?.admin_token ?? '',
    cpuSeconds: () => {
      const [, user = 0, system = 0] = [
        0,
        ...proc('stat').split(') ')[1]!.split(' ').slice(11, 13).map(Number),
      ]
      return (user + system) / 100
    },
    peakBytes: () => Number(/VmHWM:\s+(\d+) kB/.exec(proc('status'))?.[1] ?? 0) * 1024,
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      if (code !== 0) throw new Error(`the server ended with ${code}: ${errors}`)
    },
  }
}

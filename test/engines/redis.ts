// A Redis that writes its log every second, from the system's packages.
import { createConnection } from 'node:net'
import { getuid } from 'node:process'

import { execute, locked } from './cache.ts'
import { freePorts, startEngine, type Engine } from './server-process.ts'

const SETTINGS = '--bind 127.0.0.1 --appendonly yes --appendfsync everysec --save'.split(' ')

export interface Redis extends Engine {
  readonly url: string
}

export interface RedisOptions {
  /** Arguments of `redis-server` beside or instead of those here, such as `['--maxmemory', '64mb']`. */
  readonly args?: readonly string[]
}

/** Starts a Redis; where there is none it is installed, if this is root on Debian. */
export async function startRedis({ args = [] }: RedisOptions = {}): Promise<Redis> {
  await locked('redis', installed)
  const port = await freePorts()
  const engine = await startEngine({
    name: 'redis',
    port,
    isReady: () => isReady(port),
    command: (directory) =>
      Promise.resolve([
        'redis-server',
        ...SETTINGS,
        '',
        '--port',
        String(port),
        '--dir',
        directory,
        ...args,
      ]),
  })
  return Object.assign(engine, { url: `redis://127.0.0.1:${port}` })
}

/** Whether it has read its data: until then it takes connections and answers that it is loading. */
function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const answer = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('data', (said) => answer(String(said).startsWith('+PONG')))
    socket.once('error', () => answer(false))
    socket.once('close', () => answer(false))
  })
}

async function installed(): Promise<void> {
  try {
    await execute('redis-server', ['--version'], '.')
    return
  } catch (cause) {
    if (getuid?.() !== 0) {
      throw new Error('there is no redis-server here: install it', { cause })
    }
  }
  await execute('apt-get', ['update', '-qq'], '.')
  const install = ['install', '-y', '-qq', '--no-install-recommends', 'redis-server']
  await execute('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...install], '.')
}

// One server in a process of its own, in a temporary folder, on ports of the loopback.
// Invariant: it never outlives the process that started it, and nothing but this very process is ever signalled.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 50
const START_MS_MAX = 180_000
const STOP_MS_MAX = 20_000
/** Below the ports that systems give to outgoing connections, so that a server finds its own again. */
const PORT_FROM = 20_000
const PORT_COUNT = 10_000
/** Ends a child with its parent, whatever became of that; part of util-linux. */
const DIES_WITH_PARENT = '/usr/bin/setpriv'

/** What every server can be told, whatever it is. */
export interface Engine {
  readonly port: number
  /** Of the process now; another after a restart. */
  readonly pid: number
  /** Its data and what it wrote. */
  readonly directory: string
  /** `kill -9`; resolves when it is gone. Its data stay. */
  kill(): Promise<void>
  /** Ends it in good order if it is there, and starts it again on the same port and data. */
  restart(): Promise<void>
  /** Ends it for good and removes its data. */
  stop(): Promise<void>
}

export interface Recipe {
  readonly name: string
  readonly port: number
  readonly command: (directory: string) => Promise<readonly string[]>
  /** Whether it answers. */
  readonly isReady: () => Promise<boolean>
}

/** Starts a server and resolves when it answers. @throws with the end of its output when it does not */
export async function startEngine(recipe: Recipe): Promise<Engine> {
  const directory = await mkdtemp(join(tmpdir(), `selfsame-${recipe.name}-`))
  const process = new ServerProcess(recipe, directory)
  try {
    await process.start()
  } catch (cause) {
    await process.stop()
    throw cause
  }
  return process
}

/** Two ports that nobody listens at, the second beside the first. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const port = PORT_FROM + 2 * Math.floor((Math.random() * PORT_COUNT) / 2)
    if ((await isFree(port)) && (await isFree(port + 1))) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Whether somebody takes connections at a port of the loopback. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}

class ServerProcess implements Engine {
  readonly #recipe: Recipe
  readonly directory: string
  #child: ChildProcess | null = null

  constructor(recipe: Recipe, directory: string) {
    this.#recipe = recipe
    this.directory = directory
  }

  get port(): number {
    return this.#recipe.port
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  async start(): Promise<void> {
    const command = await this.#recipe.command(this.directory)
    const [program = '', ...args] = existsSync(DIES_WITH_PARENT)
      ? [DIES_WITH_PARENT, '--pdeathsig', 'KILL', '--', ...command]
      : command
    const output = await open(join(this.directory, 'output.txt'), 'a')
    // A session of its own: ctrl-C in a terminal goes to whoever started it, who ends it in order.
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      cwd: this.directory,
    })
    this.#child = child
    let failure = ''
    child.once('error', (cause) => (failure = cause.message))
    await output.close()
    const until = Date.now() + START_MS_MAX
    while (!(await this.#recipe.isReady())) {
      if (failure !== '' || hasEnded(child) || Date.now() > until)
        throw await this.#notReady(failure)
      await sleep(POLL_MS)
    }
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async restart(): Promise<void> {
    await this.#end('SIGTERM')
    await this.start()
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
    await rm(this.directory, { recursive: true, force: true })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.pid === undefined || hasEnded(child)) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await gone
    clearTimeout(impatience)
  }

  async #notReady(failure: string): Promise<Error> {
    const text = await readFile(join(this.directory, 'output.txt'), 'utf8')
    const said = text.trim().split('\n').slice(-20).join('\n')
    return new Error(`${this.#recipe.name} did not start. ${failure}\n${said}`)
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

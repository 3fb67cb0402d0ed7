// The processes of one shared account, by the command line: a server, an archive, and processors that come and go.
// Invariant: a process that nobody killed runs until it is told to stop.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Ran, Running } from '../../cli/run.ts'
import { command, serving } from '../command.ts'
import { CONFIGURATION } from '../world.ts'

export interface Places {
  readonly log: string
  readonly registry: string
  readonly graph: string
}

const SESSION_MS = 2_000
const PARTITIONS = 4
const STARTS_MAX = 20

export class Processes {
  readonly cwd: string
  readonly processors: Running[] = []
  #server: Running | null = null
  #archive: Running | null = null

  constructor(cwd: string) {
    this.cwd = cwd
  }

  async configure(places: Places): Promise<void> {
    const kafka = { partitions: PARTITIONS, sessionMs: SESSION_MS, sendMsMax: 4_000 }
    const configuration = { ...CONFIGURATION, ...places, kafka }
    await writeFile(join(this.cwd, 'selfsame.config.json'), JSON.stringify(configuration))
  }

  /** Resolves with where it listens. */
  async serve(): Promise<string> {
    const { running, url } = serving(this.cwd)
    this.#server = running
    const at = await url
    if (at === null) throw new Error(`it does not serve: ${(await running.ended).stderr}`)
    return at
  }

  async archive(): Promise<void> {
    this.#archive = await this.#ready('archive')
  }

  async process(): Promise<void> {
    this.processors.push(await this.#ready('process'))
  }

  async #ready(name: string): Promise<Running> {
    // Where broker or Redis are down it says so and ends; whoever keeps it running begins again.
    for (let tries = 1; ; tries++) {
      const running = command(this.cwd, name)
      try {
        await running.said((text) => text.includes('Ready'))
        return running
      } catch (cause) {
        if (tries === STARTS_MAX) throw cause
      }
    }
  }

  /** `kill -9` of the processor that is there the longest. */
  async kill(): Promise<void> {
    await killed(this.processors.shift())
  }

  async killArchive(): Promise<void> {
    const archive = this.#archive
    this.#archive = null
    await killed(archive)
  }

  /** Whoever ended without being told to, with what it said. */
  async ended(): Promise<readonly Ran[]> {
    const ended = this.#all().filter(
      ({ child }) => child.exitCode !== null || child.signalCode !== null,
    )
    return Promise.all(ended.map((running) => running.ended))
  }

  /** All in good order. @returns how each ended */
  async stop(): Promise<readonly Ran[]> {
    const all = this.#all()
    for (const { child } of all) child.kill('SIGTERM')
    return Promise.all(all.map(({ ended }) => ended))
  }

  #all(): readonly Running[] {
    return [...this.processors, this.#server, this.#archive].filter((one) => one !== null)
  }
}

async function killed(running: Running | null | undefined): Promise<void> {
  running?.child.kill('SIGKILL')
  await running?.ended
}

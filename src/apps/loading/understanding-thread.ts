// A thread that understands messages for this one: what is asked of it, and how it answers.
// Invariant: answers in the order of the asks; when it fails, so does every ask that has no answer yet.

import { parentPort, Worker, workerData } from 'node:worker_threads'

import { createExtraction, parseSettings, type Extraction } from '../../core/index.ts'
import { sha256 } from '../account/digest.ts'

const READY = 'ready'

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (cause: unknown) => void
}

export class UnderstandingThread<Ask, Answer> {
  readonly #worker: Worker
  readonly #pending: Pending<Answer>[] = []
  #hasStarted = false
  #failure: { readonly cause: unknown } | null = null

  /** @param module without its extension; it calls `answerAsks` */
  constructor(module: string, from: string, { settings }: Extraction) {
    const extension = from.endsWith('.ts') ? 'ts' : 'js'
    this.#worker = new Worker(new URL(`${module}.${extension}`, from), { workerData: settings })
    this.#worker.on('message', (answer: typeof READY | Answer) => {
      if (answer === READY) this.#hasStarted = true
      else this.#pending.shift()?.resolve(answer)
    })
    this.#worker.on('error', (cause) => this.#fail(cause))
    this.#worker.on('exit', () => this.#fail(new Error(`the thread ${module} has ended`)))
  }

  get hasStarted(): boolean {
    return this.#hasStarted
  }

  get hasFailed(): boolean {
    return this.#failure !== null
  }

  /** @param given the buffer of it that is given away rather than copied */
  async ask(ask: Ask, given: ArrayBuffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure.cause)
        return
      }
      this.#pending.push({ resolve, reject })
      this.#worker.postMessage(ask, [given])
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause }
    for (const pending of this.#pending.splice(0)) pending.reject(cause)
  }
}

export interface Given<Answer> {
  readonly answer: Answer
  /** The buffer of it that is given away rather than copied. */
  readonly given: ArrayBuffer | null
}

/** To be called by the module of a thread, which says what it is asked and answers. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what comes from the other thread has no type
export function answerAsks<Ask>(
  prepare: (extraction: Extraction) => (ask: Ask) => Given<unknown>,
): void {
  const port = parentPort
  if (port === null) throw new Error('this is the module of a thread')
  const parsed = parseSettings(workerData)
  if (!parsed.ok) throw new Error('the thread was given wrong settings')
  const answerTo = prepare(createExtraction(parsed.settings, sha256))
  port.on('message', (ask: Ask) => {
    const { answer, given } = answerTo(ask)
    port.postMessage(answer, given === null ? [] : [given])
  })
  port.postMessage(READY)
}

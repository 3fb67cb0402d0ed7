// A thread that has the store open, to write or to read: does what it is sent, one after the other.
// Invariant: answers in the order of the asks; an error is answered, never thrown.

import { parentPort, workerData } from 'node:worker_threads'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { StoreError } from '../../ports/store-error.ts'
import { nodesOf } from './flat-nodes.ts'
import { openSqliteStore } from './identity-store.ts'
import {
  type Done,
  OPENING,
  type ThreadAnswer,
  type ThreadAsk,
  type ThreadData,
} from './threaded-store.ts'

const port = parentPort
if (port === null) throw new Error('this runs in a thread of its own')

function answer(message: ThreadAnswer): void {
  port?.postMessage(message)
}

function fail(id: number, cause: unknown): void {
  const { code, message, retryable } =
    cause instanceof StoreError ? cause : { code: null, message: String(cause), retryable: false }
  answer({ id, error: { code, message, retryable } })
}

function open(): IdentityStore | null {
  const { path, options } = workerData as ThreadData
  try {
    return openSqliteStore(path, options)
  } catch (cause) {
    fail(OPENING, cause)
    return null
  }
}

async function done(store: IdentityStore, ask: ThreadAsk): Promise<Done> {
  if (ask.what === 'commit') {
    const [changes] = ask.args
    return store.commit({ ...changes, nodes: nodesOf(changes.nodes) })
  }
  if (ask.what === 'census') return store.census(...ask.args)
  if (ask.what === 'promiscuous') return store.promiscuous(...ask.args)
  await store.close()
  return 'closed'
}

const store = open()
if (store !== null) {
  port.on('message', (ask: ThreadAsk) => {
    done(store, ask).then(
      (result) => answer({ id: ask.id, answer: result }),
      (cause: unknown) => fail(ask.id, cause),
    )
  })
  answer({ id: OPENING, answer: 'opened' })
}

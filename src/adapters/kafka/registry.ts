// A schema registry that speaks Confluent's protocol. Invariant: a schema that would break readers is never registered.

import { setTimeout as sleep } from 'node:timers/promises'
import { StoreError } from '../../ports/store-error.ts'
import type { RegistryAddress } from './connection.ts'

const ANSWER_MS_MAX = 10_000
const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json'

/** HTTP answers of the protocol. */
const NOT_FOUND = 404
const CONFLICT = 409
/** Of an answer that stays the same. */
const CONFLICTS_MAX = 3
const CONFLICT_WAIT_MS = 100
const NO_ACCESS: ReadonlySet<number> = new Set([401, 403])

export interface SchemaRegistry {
  /**
   * The id of this schema under this subject, registered if it is new there. Later schemas must then be able to read what
   * earlier ones wrote (BACKWARD). @throws {StoreError} when it is incompatible, or the registry does not answer
   */
  register(subject: string, schema: string): Promise<number>
  /** The schema of an id; null when the registry knows none. @throws {StoreError} when it does not answer */
  schemaOf(id: number): Promise<string | null>
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export function createRegistry(address: RegistryAddress): SchemaRegistry {
  const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
    answerOf(address, method, path, body)
  const schemas = new Map<number, string>()
  return {
    async register(subject, schema) {
      const name = encodeURIComponent(subject)
      const level = await patiently(() =>
        ask('PUT', `/config/${name}`, { compatibility: 'BACKWARD' }),
      )
      if (level.status >= 400) throw failed(address, `setting how ${subject} may evolve`, level)
      const answer = await patiently(() => ask('POST', `/subjects/${name}/versions`, { schema }))
      if (answer.status === CONFLICT) throw incompatible(address, subject)
      const { id } = answer.body
      if (typeof id !== 'number')
        throw failed(address, `registering the schema of ${subject}`, answer)
      return id
    },
    async schemaOf(id) {
      const known = schemas.get(id)
      if (known !== undefined) return known
      const answer = await ask('GET', `/schemas/ids/${id}`)
      if (answer.status === NOT_FOUND) return null
      const { schema } = answer.body
      if (typeof schema !== 'string') throw failed(address, `asking for schema ${id}`, answer)
      schemas.set(id, schema)
      return schema
    },
  }
}

/** Processes that start together set the same at once, and some registries answer all but one with a conflict. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await ask()
    if (answer.status !== CONFLICT || tries === CONFLICTS_MAX) return answer
    await sleep(tries * CONFLICT_WAIT_MS)
  }
}

async function answerOf(
  { base, authorization, shown }: RegistryAddress,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer> {
  try {
    const response = await fetch(base + path, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      headers: {
        'content-type': CONTENT_TYPE,
        accept: 'application/vnd.schemaregistry.v1+json, application/json',
        ...(authorization !== null && { authorization }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const said: unknown = await response.json().catch(() => null)
    const fields = typeof said === 'object' && said !== null ? said : {}
    return { status: response.status, body: fields as Readonly<Record<string, unknown>> }
  } catch (cause) {
    const message = `The schema registry at ${shown} does not answer: is it running, and is its URL right?`
    throw new StoreError('unavailable', message, { retryable: true, cause })
  }
}

function incompatible({ shown }: RegistryAddress, subject: string): StoreError {
  const message =
    `The schema registry at ${shown} refuses the schema of ${subject}: it cannot read what was written there before. ` +
    'Nothing was written. Use a version of Selfsame that fits the topic, or another prefix in the URL of the log.'
  return new StoreError('newer_version', message, { retryable: false })
}

function failed({ shown }: RegistryAddress, what: string, { status, body }: Answer): StoreError {
  const said = typeof body['message'] === 'string' ? `: ${body['message']}` : ''
  const advice = NO_ACCESS.has(status)
    ? 'user or password are refused'
    : status === NOT_FOUND
      ? `it answers 404${said}; is all of its path there (of Apicurio /apis/ccompat/v7)?`
      : `it answers ${status}${said}`
  return new StoreError('unavailable', `The schema registry at ${shown}, ${what}: ${advice}.`, {
    retryable: status >= 500,
  })
}

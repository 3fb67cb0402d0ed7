// What went wrong underneath, as the one error the port knows, with what to do about it.

import { StoreError } from '../../ports/store-error.ts'

/** Codes of the protocol that no trying again mends. */
const FINAL: ReadonlyMap<string, string> = new Map([
  ['TOPIC_AUTHORIZATION_FAILED', 'it may not use this topic: give its user the right to'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'it may not do that: give its user the right to'],
  ['GROUP_AUTHORIZATION_FAILED', 'it may not read in this group: give its user the right to'],
  ['SASL_AUTHENTICATION_FAILED', 'user or password are refused'],
  ['UNSUPPORTED_SASL_MECHANISM', 'the brokers do not take this way of signing in (?sasl=…)'],
  ['MESSAGE_TOO_LARGE', 'a record is larger than max.message.bytes of its topic allows'],
  ['RECORD_LIST_TOO_LARGE', 'a record is larger than max.message.bytes of its topic allows'],
  ['INVALID_TOPIC_EXCEPTION', 'the name of a topic is not allowed'],
])

/** The StoreError for what a client of Kafka threw while doing `what`; a StoreError stays as it is. */
export function kafkaError(cause: unknown, shown: string, what: string): StoreError {
  if (cause instanceof StoreError) return cause
  const all = nested(cause)
  for (const one of all) {
    const advice = FINAL.get(fieldOf(one, 'apiId'))
    if (advice !== undefined) {
      return new StoreError('unavailable', `Kafka at ${shown}, ${what}: ${advice}.`, {
        retryable: false,
        cause,
      })
    }
  }
  const refused = all.some((one) => fieldOf(one, 'code') === 'PLT_KFK_AUTHENTICATION')
  const [deepest] = all.slice(-1)
  const said = deepest instanceof Error ? deepest.message : String(deepest)
  const words = refused ? 'user or password are refused' : said.replace(/\.+$/, '')
  return new StoreError('unavailable', `Kafka at ${shown}, ${what}: ${words}.`, {
    retryable: !refused,
    cause,
  })
}

/** Whether the protocol's answer, somewhere in what was thrown, is this one. */
export function isAnswer(cause: unknown, apiId: string): boolean {
  return nested(cause).some((one) => fieldOf(one, 'apiId') === apiId)
}

/** Resolves as `work` does, or fails when it takes longer; the work itself goes on. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(lateError(ms, what)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export function lateError(ms: number, what: string): StoreError {
  return new StoreError('unavailable', `Kafka: ${what} took longer than ${ms} ms.`, {
    retryable: true,
  })
}

const DEPTH_MAX = 8

function nested(cause: unknown, depth = 0): readonly unknown[] {
  if (depth > DEPTH_MAX || !(cause instanceof Error)) return [cause]
  const inner: unknown[] = cause instanceof AggregateError ? cause.errors.slice(-20) : []
  const causes: unknown[] = cause.cause === undefined ? inner : [...inner, cause.cause]
  return [cause, ...causes.flatMap((one) => nested(one, depth + 1))]
}

function fieldOf(cause: unknown, name: 'apiId' | 'code'): string {
  const value = (cause as Readonly<Record<string, unknown>> | null | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

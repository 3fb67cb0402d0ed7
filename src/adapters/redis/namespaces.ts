// Several graphs of one account side by side: one serves, another may be built beside it, and takes over in one step.
// Invariant: every key of an account has the account for its hash tag, so all of them live on one node of a cluster.

import type { Link, Send } from './link.ts'
import { OPEN } from './query-scripts.ts'
import { StoreError } from '../../ports/store-error.ts'

/** The first one of an account. */
const FIRST = 'main'
const FORMAT = 1

/** In the order the scripts know them by. */
const KEY_NAMES = [
  'meta',
  'at',
  'node',
  'comp',
  'home',
  'anch',
  'prof',
  'out',
  'into',
  'met',
  'days',
  'seen',
  'loose',
  'feed',
  'told',
  'ques',
  'qord',
  'verd',
  'vord',
  'von',
  'named',
  'names',
  'wait',
  'jour',
  'eras',
] as const
export type KeyName = (typeof KEY_NAMES)[number]

export interface Names {
  readonly namespace: string
  /** As the scripts want them. */
  readonly keys: readonly string[]
  key(name: KeyName): string
  /** The channel that tells when the feed has gone on. */
  readonly fed: string
}

export function namesOf(account: string, namespace: string): Names {
  const base = `${tagOf(account)}:${namespace}:`
  return {
    namespace,
    keys: KEY_NAMES.map((name) => base + name),
    key: (name) => base + name,
    fed: `${base}fed`,
  }
}

/** Throws on an account or namespace that would not be one in a key. */
export function checkNames(account: string, namespace: string | undefined): void {
  if (account === '' || /[{}]/.test(account)) throw new Error(`not an account: ${account}`)
  if (namespace !== undefined && !/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(namespace))
    throw new Error(`not a name for a graph: ${namespace}`)
}

function tagOf(account: string): string {
  return `{${account}}`
}

function servingKey(account: string): string {
  return `${tagOf(account)}:serving`
}

function spacesKey(account: string): string {
  return `${tagOf(account)}:namespaces`
}

/** The one that serves; the first one where nothing was ever switched. */
export async function servingIn(send: Send, account: string): Promise<string> {
  const serving = await send('GET', servingKey(account))
  return serving instanceof Buffer ? String(serving) : FIRST
}

/** Takes note of which start of Redis this is; where it is another one the feed gets another epoch. */
export async function enter(send: Send, account: string, names: Names, run: string): Promise<void> {
  const keys = [names.key('meta'), `${tagOf(account)}:epoch`, spacesKey(account), names.key('eras')]
  const given = [run, names.namespace, String(FORMAT)]
  const format = String(await send('EVAL', OPEN, String(keys.length), ...keys, ...given))
  if (format === 'torn') {
    const what = `the graph ${names.namespace} in Redis has half a commit; rebuild it beside and switch (docs/deploy.md)`
    throw new StoreError('corrupt', what, { retryable: false })
  }
  if (Number(format) > FORMAT) {
    const what = `the graph ${names.namespace} in Redis has format ${format}, this version knows ${FORMAT}`
    throw new StoreError('newer_version', what, { retryable: false })
  }
}

export interface Namespace {
  readonly name: string
  readonly isServing: boolean
}

export async function namespacesOf(link: Link, account: string): Promise<readonly Namespace[]> {
  const serving = await servingIn((...given) => link.ask(...given), account)
  const names = (await link.ask('SMEMBERS', spacesKey(account))) as readonly Buffer[]
  return names
    .map(String)
    .toSorted()
    .map((name) => ({ name, isServing: name === serving }))
}

export async function switchTo(link: Link, account: string, namespace: string): Promise<void> {
  const isThere = await link.ask('SISMEMBER', spacesKey(account), namespace)
  if (isThere !== 1) throw new Error(`there is no graph ${namespace} of ${account} in Redis`)
  await link.ask('SET', servingKey(account), namespace)
}

export async function drop(link: Link, account: string, namespace: string): Promise<void> {
  if ((await servingIn((...given) => link.ask(...given), account)) === namespace)
    throw new Error(`the graph ${namespace} of ${account} serves; switch to another one first`)
  await link.ask('UNLINK', ...namesOf(account, namespace).keys)
  await link.ask('SREM', spacesKey(account), namespace)
}

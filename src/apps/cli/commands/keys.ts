// `keys`: write keys for tracking clients, tokens for programs and people. Beside a running server too: it sees them at
// once, since both have the same file open.

import { existsSync } from 'node:fs'

import { siteRuleOf, type Settings } from '../../../core/index.ts'
import type { KeyStore } from '../../../ports/key-store.ts'
import { makeKey } from '../../access/make-wanted-key.ts'
import { sha256 } from '../../account/digest.ts'
import { installationSettings } from '../../account/installation.ts'
import { layoutOf } from '../../account/layout.ts'
import { noData } from '../../account/opening.ts'
import { openKeys } from '../../account/stores.ts'
import { answerOfKey, wantedKey, type KeyAnswer } from '../../answers/key-answer.ts'
import { UserError } from '../../user-error.ts'
import { accountOf, DONE, openOptionsOf, type Invocation } from '../invocation.ts'
import { minute } from '../terminal/numbers.ts'
import { tableLines } from '../terminal/table.ts'

export interface CreateOptions {
  readonly site?: string
  readonly key?: string
  readonly role?: string
  readonly sites?: readonly string[]
  readonly label: string
}

export async function createKey(invocation: Invocation, options: CreateOptions): Promise<number> {
  const { site, key, role, sites, label } = options
  if (role !== undefined && key !== undefined) {
    throw new UserError('--key is for write keys; a token is always made up', { exitCode: 2 })
  }
  if (site !== undefined && sites !== undefined) {
    throw new UserError('--sites is for tokens; a write key is of one site', { exitCode: 2 })
  }
  if ((site === undefined) === (role === undefined)) {
    throw new UserError('a write key is made with --site, a token with --role', { exitCode: 2 })
  }
  const parsed = wantedKey.safeParse(
    site === undefined
      ? { kind: 'token', role, sites: sites ?? null, label }
      : { kind: 'write', site, label, ...(key !== undefined && { key }) },
  )
  if (!parsed.success) {
    throw new UserError(parsed.error.issues[0]?.message ?? 'not understood', { exitCode: 2 })
  }
  return withKeys(invocation, async (store, account) => {
    const { dataDirectory, terminal, json } = invocation
    const { configuration } = await openOptionsOf(invocation)
    const settings = await installationSettings(dataDirectory, configuration)
    const making = { store, digest: sha256, now: () => Date.now() }
    const made = await makeKey(making, settings, account, parsed.data)
    if (!made.ok) throw new UserError(made.message, { exitCode: 2 })
    for (const one of site === undefined ? (sites ?? []) : [site]) {
      if (!isNamed(settings, one)) terminal.note(unnamedWords(settings, one))
    }
    const { record, text } = made.made
    if (json) terminal.say(JSON.stringify({ ...answerOfKey(record), key: text }))
    else {
      terminal.say(text)
      terminal.note(
        `${whatFor(answerOfKey(record))}, ${record.id}. Keep it: it is not shown again.`,
      )
    }
  })
}

/** Where no site has a name they are all `default`. */
function isNamed(settings: Settings, site: string): boolean {
  const none = Object.keys(settings.sites).length === 0
  return none ? site === 'default' : siteRuleOf(settings, site) !== undefined
}

function unnamedWords({ sites }: Settings, site: string): string {
  const names = Object.keys(sites).join(', ')
  const known = names === '' ? 'it names none' : `it names ${names}`
  return `note: the configuration does not name the site "${site}" (${known}); the key is made all the same`
}

export async function listKeys(invocation: Invocation): Promise<number> {
  return withKnownKeys(invocation, async (store, account) => {
    const { terminal, json } = invocation
    const keys = (await store.list(account)).map(answerOfKey)
    if (json) {
      terminal.say(JSON.stringify({ keys }))
      return
    }
    if (keys.length === 0)
      terminal.say('There are no keys. Make one: selfsame keys create --site default')
    else for (const line of tableLines(COLUMNS, keys.map(rowOf), terminal.width)) terminal.say(line)
  })
}

const COLUMNS = [
  { head: 'key', widthMin: 16 },
  { head: 'for' },
  { head: 'label' },
  { head: 'made' },
  { head: 'last used' },
]

function rowOf(key: KeyAnswer): string[] {
  const { id, label, created_at: made, used_at: used, revoked_at: revoked } = key
  const state = revoked === null ? (used === null ? 'never' : minute(used)) : 'revoked'
  return [id, whatFor(key), label, minute(made), state]
}

function whatFor({ site, role, sites }: KeyAnswer): string {
  if (site !== null) return `messages of ${site}`
  return sites === null ? `${role}` : `${role} of ${sites.join(', ')}`
}

export async function revokeKey(invocation: Invocation, id: string): Promise<number> {
  return withKnownKeys(invocation, async (store, account) => {
    if (!(await store.revoke(account, id, Date.now()))) {
      const hint = 'The first column of `selfsame keys list` names them.'
      throw new UserError(`there is no key ${id}`, { hint })
    }
    const { terminal, json } = invocation
    terminal.say(json ? JSON.stringify({ id, revoked: true }) : `${id} is revoked.`)
  })
}

/** For keys that must be there already. */
async function withKnownKeys(invocation: Invocation, work: Work): Promise<number> {
  const { dataDirectory } = invocation
  if (!existsSync(layoutOf(dataDirectory).keysFile)) {
    throw await noData(dataDirectory, await accountOf(invocation))
  }
  return withKeys(invocation, work)
}

type Work = (store: KeyStore, account: string) => Promise<void>

async function withKeys(invocation: Invocation, work: Work): Promise<number> {
  const account = await accountOf(invocation)
  const store = await openKeys(layoutOf(invocation.dataDirectory))
  try {
    await work(store, account)
  } finally {
    await store.close()
  }
  return DONE
}

// Makes the key that was asked for, from the API and the command line alike.
// Invariant: a key is of the account its sites belong to.

import type { z } from 'zod'

import { accountOfSite, type Settings } from '../../core/index.ts'
import { ownerText } from '../../core/policy/account-settings.ts'
import type { Token, WriteKey } from '../../ports/key-store.ts'
import type { wantedKey } from '../answers/key-answer.ts'
import { type KeyMaking, type Made, makeToken, makeWriteKey } from './make-key.ts'

export type MadeKey =
  | { readonly ok: true; readonly made: Made<WriteKey | Token> }
  | { readonly ok: false; readonly message: string }

/** Makes a key for an account, if its sites are that account's. */
export async function makeKey(
  making: KeyMaking,
  settings: Settings,
  account: string,
  wanted: z.output<typeof wantedKey>,
): Promise<MadeKey> {
  const sites = wanted.kind === 'write' ? [wanted.site] : (wanted.sites ?? [])
  const foreign = sites.find((one) => accountOfSite(settings, one) !== account)
  if (foreign !== undefined) {
    return no(ownerText(foreign, accountOfSite(settings, foreign)))
  }
  if (wanted.kind === 'token') {
    const { role, label: text } = wanted
    const made = await makeToken(making, { account, role, sites: wanted.sites, label: text })
    return { ok: true, made }
  }
  const { site: of, label: text, key } = wanted
  const made = await makeWriteKey(making, { account, site: of, label: text, text: key })
  return made === null ? no('that key is in use already') : { ok: true, made }
}

function no(message: string): MadeKey {
  return { ok: false, message }
}

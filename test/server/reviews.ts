// Questions through the real app, for tests about stewards: three visitors who say nothing of themselves, two questions
// about them, and two stewards.
import type { Account } from '../../src/apps/account/account.ts'
import { parseIdentifierText } from '../../src/core/index.ts'
import type { Key } from '../../src/core/identifier/identifier.ts'
import { type Installation, openInstallation } from './installation.ts'

type Json = Readonly<Record<string, unknown>>

export interface OnReviews {
  readonly installation: Installation
  readonly account: Account
  readonly as: (token: string) => Asker
  readonly sam: Asker
  readonly kim: Asker
  /** By worth: the one of `c-ana` and `c-ben` is worth more than that of `c-ben` and `c-cem`. */
  readonly ids: readonly string[]
  readonly keyOf: (visitor: string) => Key
  /** As a run asks it; id of the question. */
  readonly ask: (a: string, b: string, worth: number) => Promise<string>
}

type Asker = (
  method: string,
  path: string,
  body?: Json,
) => Promise<{ status: number; answer: unknown }>

const VISITORS = ['c-ana', 'c-ben', 'c-cem']

export async function withReviews(
  work: (on: OnReviews) => Promise<void>,
  configuration: object = {},
): Promise<void> {
  const installation = await openInstallation({ sites: { shop: {} }, ...configuration })
  try {
    const writeKey = await installation.writeKey('shop')
    const batch = VISITORS.map((name) => ({ type: 'page', anonymousId: name, messageId: name }))
    const body = JSON.stringify({ writeKey, batch })
    await installation.app.request('/v1/import?resolve=sync', { method: 'POST', body }, {})
    const [account] = installation.accounts
    if (account === undefined) throw new Error('no account')
    const keyOf = (name: string): Key => {
      const parsed = parseIdentifierText(account.extraction, `cookie:${name}`)
      return parsed.ok ? parsed.identifier.key : ''
    }
    const ask = async (a: string, b: string, worth: number): Promise<string> => {
      const about = { evidence: 1_000_000, reason: 'alike: the same device', scoredBy: null, worth }
      const [id = ''] = await account.resolver.ask([{ a: keyOf(a), b: keyOf(b), ...about }])
      await account.resolver.flush()
      return id
    }
    const ids = [await ask('c-ana', 'c-ben', 9), await ask('c-ben', 'c-cem', 5)]
    const as =
      (token: string): Asker =>
      async (method, path, posted) => {
        const headers = { authorization: `Bearer ${token}` }
        const init = { method, headers, ...(posted && { body: JSON.stringify(posted) }) }
        const response = await installation.app.request(path, init, {})
        return { status: response.status, answer: await response.json() }
      }
    const [sam, kim] = [
      as(await installation.token('steward', undefined, undefined, 'sam')),
      as(await installation.token('steward', undefined, undefined, 'kim')),
    ]
    await work({ installation, account, as, sam, kim, ids, keyOf, ask })
  } finally {
    await installation.close()
  }
}

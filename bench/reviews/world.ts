// The world of a steward's sitting: very many small profiles with questions between them, and two large ones.
// Invariant: the same sizes make the same world, message for message.

import type { Account } from '../../src/apps/account/account.ts'
import type { AlikePair } from '../../src/core/profile/ask.ts'
import { parseIdentifierText } from '../../src/core/index.ts'
import { ingest, understand } from '../../src/flows/ingest.ts'

/** When it begins. */
export const AT = Date.UTC(2026, 2, 2)
const DAY_MS = 86_400_000
const COOKIES_A_DAY = 4
const AT_ONCE = 1_000

export interface Sizes {
  readonly profiles: number
  /** Between neighbours among them; one more is between the two large ones. */
  readonly questions: number
  /** Of each of the two large profiles. */
  readonly identifiers: number
  /** Of each of the two large profiles. */
  readonly messages: number
}

type Message = Readonly<Record<string, unknown>>

export async function fill(account: Account, sizes: Sizes): Promise<void> {
  await take(account, visitors(sizes))
  await take(account, large(sizes))
  await ask(account, sizes)
}

/** Each on one cookie and with an e-mail, which nobody logged in with: two of them may be one person. */
function* visitors({ profiles }: Sizes): Generator<Message> {
  for (let i = 0; i < profiles; i++) yield signedUp(`c-${i}`, `p${i}@example.com`, i / 1_000)
}

/** Two people with one e-mail each and very many cookies, a few new ones a day. */
function* large({ identifiers, messages }: Sizes): Generator<Message> {
  const cookies = identifiers - 1
  for (let i = 0; i < messages; i++) {
    for (const who of ['x', 'y']) {
      const cookie = `c-${who}${i % cookies}`
      const day = (i % cookies) / COOKIES_A_DAY + Math.floor(i / cookies)
      if (i < cookies) yield signedUp(cookie, `ana.${who}@example.com`, day)
      else
        yield {
          ...dated(day),
          type: 'identify',
          anonymousId: cookie,
          traits: { firstName: `${who}${i % 7}`, city: `Porto ${i % 3}` },
        }
    }
  }
}

function signedUp(anonymousId: string, email: string, day: number): Message {
  return { ...dated(day), type: 'track', event: 'Signed Up', anonymousId, properties: { email } }
}

function dated(day: number): Message {
  return { timestamp: new Date(AT + Math.floor(day * DAY_MS)).toISOString() }
}

async function take(account: Account, messages: Iterable<Message>): Promise<void> {
  let [some, taken]: [Message[], number] = [[], account.log.end()]
  const send = async (): Promise<void> => {
    const records = some.map((one) => understood(account, one, ++taken))
    some = []
    const { resolved } = await ingest(account, records)
    await resolved
  }
  for (const message of messages) {
    some.push(message)
    if (some.length === AT_ONCE) await send()
  }
  await send()
  await account.resolver.flush()
}

function understood({ extraction }: Account, one: Message, n: number) {
  const message = { messageId: `m${n}`, ...one }
  const envelope = {
    receivedAt: Date.parse(String(one['timestamp'])),
    historical: true,
    site: 'default',
  }
  const record = understand(extraction, { raw: JSON.stringify(message), message, envelope })
  if (!('kind' in record)) throw new Error(record.detail)
  return record
}

/** Of few different worths, as many are worth the same in a real queue. */
async function ask(account: Account, { profiles, questions }: Sizes): Promise<void> {
  const keyOf = (text: string): string => {
    const parsed = parseIdentifierText(account.extraction, `cookie:${text}`)
    return parsed.ok ? parsed.identifier.key : ''
  }
  const about = { evidence: 1_000_000, reason: 'same device 0.60', scoredBy: null }
  let pairs: AlikePair[] = []
  for (let i = 0; i < questions; i++) {
    const [a, b] = [i % profiles, (i + 1 + Math.floor(i / profiles)) % profiles]
    pairs.push({ a: keyOf(`c-${a}`), b: keyOf(`c-${b}`), ...about, worth: 1_000 + (i % 3) })
    if (pairs.length < AT_ONCE && i < questions - 1) continue
    await account.resolver.ask(pairs)
    pairs = []
  }
  await account.resolver.ask([{ a: keyOf('c-x0'), b: keyOf('c-y0'), ...about, worth: 2_000_000 }])
  await account.resolver.flush()
}

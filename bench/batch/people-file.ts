// Messages of people who were seen once or twice each, so that a few messages make many profiles.

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

const LINES_PER_WRITE = 1_000
const START_MS = Date.UTC(2026, 2, 2)
const DAY_MS = 86_400_000
const DAYS = 30
/** Of a hundred people: who never say who they are, and who come back with another cookie. */
const NAMELESS_PERCENT = 30
const RETURNING_PERCENT = 20
/** One of so many gives two e-mails at once, which is a question for a steward. */
const TWO_FACED = 1_000

const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** Writes messages that make one profile each person, or two; how many messages. */
export async function writePeople(path: string, people: number, seed: number): Promise<number> {
  const out = createWriteStream(path)
  let lines: string[] = []
  let messages = 0
  const flush = async (): Promise<void> => {
    const text = lines.join('')
    lines = []
    if (!out.write(text)) await once(out, 'drain')
  }
  for (let person = 0; person < people; person++) {
    for (const one of messagesOf(person, seed)) {
      lines.push(`${JSON.stringify(one)}\n`)
      messages++
    }
    if (lines.length >= LINES_PER_WRITE) await flush()
  }
  await flush()
  out.end()
  await once(out, 'finish')
  return messages
}

function* messagesOf(person: number, seed: number): Generator<object, void> {
  const dice = (of: number): number => scattered(scattered(seed, of), person)
  const at = START_MS + (dice(1) % (DAYS * DAY_MS))
  const email = `p${person}.${seed}@example.com`
  const nameless = dice(2) % 100 < NAMELESS_PERCENT
  yield message(person, seed, 1, at, nameless ? null : email)
  if (nameless) return
  if (dice(3) % 100 < RETURNING_PERCENT) yield message(person, seed, 2, at + DAY_MS, email)
  if (dice(4) % TWO_FACED === 0) yield message(person, seed, 1, at + 1_000, `other.${email}`)
}

function message(
  person: number,
  seed: number,
  cookie: number,
  at: number,
  email: string | null,
): object {
  const ip = `${11 + (person >>> 24)}.${(person >>> 16) & 255}.${(person >>> 8) & 255}.${person & 255}`
  return {
    type: email === null ? 'page' : 'identify',
    messageId: `${seed}-${person}-${cookie}-${at}`,
    anonymousId: `${scattered(seed, person).toString(16)}-${person.toString(16)}-${cookie}`,
    timestamp: new Date(at).toISOString(),
    context: { ip, userAgent: USER_AGENT },
    ...(email !== null && { traits: { email } }),
  }
}

/** 32 bits that hang on both numbers. */
function scattered(a: number, b: number): number {
  let bits = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d)
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39)
  return (bits ^ (bits >>> 15)) >>> 0
}

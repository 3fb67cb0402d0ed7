// Look-ups over log, store and resolver: a timeline page by page says what it says at once.
import { expect, test } from 'vitest'

import { extractionOf, sha256, settingsOf } from '../../test/extraction.ts'
import { ids } from '../../test/worlds/small-world.ts'
import { login, page, type Sent } from '../../test/scenarios/messages.ts'
import { factFrom } from '../../test/scenarios/stage.ts'
import { createMemoryEventLog, createMemoryIdentityStore } from '../adapters/memory/index.ts'
import { parseIdentifierText } from '../core/identifier/identifier-text.ts'
import type { Key } from '../core/identifier/identifier.ts'
import { compilePolicy } from '../core/policy/compile-policy.ts'
import type { DescribedProfile } from '../core/profile/describe.ts'
import type { Place } from '../ports/event-log.ts'
import { type LookUpParts, profileOf, timelineOf } from './look-up.ts'
import { Resolver } from './resolve-events.ts'

const extraction = extractionOf()
const policy = compilePolicy(settingsOf(), sha256)
const MINUTE = 60_000
const START = Date.UTC(2026, 0, 1)

/** Minute and message, in the order in which they arrive; ids are their places in that order. */
type Arrived = readonly (readonly [minute: number, sent: Sent])[]

async function parted(arrived: Arrived): Promise<LookUpParts> {
  const log = createMemoryEventLog()
  const store = createMemoryIdentityStore()
  await log.append(
    arrived.map(([minute, sent], n) => ({
      kind: 'message',
      fact: factFrom(extraction, sent, START + minute * MINUTE, `${n}`),
      extractionVersion: 1,
      raw: '{}',
    })),
  )
  const resolver = new Resolver({ log, store, policy, ids })
  await resolver.catchUp()
  return { log, store, resolver }
}

function keyOf(text: string): Key {
  const parsed = parseIdentifierText(extraction, text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.identifier.key
}

async function profileWith(parts: LookUpParts, text: string): Promise<DescribedProfile> {
  const profile = await profileOf(parts, keyOf(text))
  if (profile === null) throw new Error(`nobody is ${text}`)
  return profile
}

interface Walk {
  readonly events: readonly string[]
  readonly pages: readonly number[]
}

async function walked(parts: LookUpParts, profile: DescribedProfile, limit: number): Promise<Walk> {
  const events: string[] = []
  const pages: number[] = []
  let before: Place | undefined
  for (;;) {
    const found = await timelineOf(parts, profile, limit, before)
    events.unshift(...found.events.map(({ fact }) => fact.id))
    pages.push(found.events.length)
    if (found.next === null) return { events, pages }
    before = found.next
  }
}

test('a timeline goes on where it was left, and ends', async () => {
  const parts = await parted([
    [10, login('c-1', 'ana@home.example')],
    [5, page('c-1')],
    [5, page('c-1')],
    [20, page('c-2')],
    [30, login('c-2', 'ana@home.example')],
    [1, page('c-1')],
  ])
  const ana = await profileWith(parts, 'email:ana@home.example')
  const all = ['5', '1', '2', '0', '3', '4']
  expect(await walked(parts, ana, 10)).toEqual({ events: all, pages: [6] })
  expect(await walked(parts, ana, 6)).toEqual({ events: all, pages: [6] })
  expect(await walked(parts, ana, 4)).toEqual({ events: all, pages: [4, 2] })
  expect(await walked(parts, ana, 1)).toEqual({ events: all, pages: [1, 1, 1, 1, 1, 1] })
})

/** Ana, Ben and Cleo share a kiosk; sessions of one person, of several, and of nobody. */
const KIOSK: Arrived = [
  [0, page('kiosk')],
  [60, page('kiosk')],
  [65, login('kiosk', 'ana@home.example')],
  [70, page('kiosk')],
  [75, page('kiosk')],
  [150, login('kiosk', 'ben@home.example')],
  [155, page('kiosk')],
  [160, login('kiosk', 'ana@home.example')],
  [165, page('kiosk')],
  [170, page('kiosk')],
  [240, page('kiosk')],
  [241, page('kiosk')],
  [242, page('kiosk')],
  [243, login('kiosk', 'cleo@home.example')],
  [300, page('c-ana')],
  [301, login('c-ana', 'ana@home.example')],
  [400, page('kiosk')],
  [410, page('kiosk')],
]

test('on a shared cookie a page may be empty and not the last; sessions over its edge stay whole', async () => {
  const parts = await parted(KIOSK)
  const ana = await profileWith(parts, 'email:ana@home.example')
  expect(ana.sharedCookies.map(({ value }) => value)).toEqual(['kiosk'])
  const all = ['1', '2', '3', '4', '7', '8', '9', '14', '15']
  for (let limit = 1; limit <= KIOSK.length; limit++) {
    const { events } = await walked(parts, ana, limit)
    expect(events, `in pages of ${limit}`).toEqual(all)
  }
  expect((await walked(parts, ana, 2)).pages).toEqual([0, 2, 0, 0, 2, 1, 1, 2, 1])
  const cleo = await profileWith(parts, 'email:cleo@home.example')
  expect((await walked(parts, cleo, 3)).events).toEqual(['10', '11', '12', '13'])
})

// Look-ups over log, store and resolver: a timeline page by page says what it says at once.
import { expect, test } from 'vitest'

import { type Arrivals, arrived, keyOf } from '../../test/flows/arrived.ts'
import { login, page } from '../../test/scenarios/messages.ts'
import type { DescribedProfile } from '../core/profile/explain/describe.ts'
import type { Place } from '../ports/event-log.ts'
import { type LookUpParts, profileOf, timelineOf } from './look-up.ts'

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
  const parts = await arrived([
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
const KIOSK: Arrivals = [
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
  const parts = await arrived(KIOSK)
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

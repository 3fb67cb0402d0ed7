// Work in turns: in order, and the event loop goes round in between.
import { expect, test } from 'vitest'

import { Turns } from './turns.ts'

const busyFor = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end;);
}

test('everybody gets a turn, in order, and the loop goes round between long ones', async () => {
  const turns = new Turns()
  let rounds = 0
  let done = false
  const round = (): void => {
    rounds++
    if (!done) setImmediate(round)
  }
  setImmediate(round)
  const order: number[] = []
  const roundOf: number[] = []
  const works = Array.from({ length: 10 }, async (_, i) => {
    await turns.next()
    order.push(i)
    roundOf.push(rounds)
    busyFor(5)
  })
  await Promise.all(works)
  done = true
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(order).toHaveLength(10)
  expect(new Set(roundOf).size).toBe(10)
})

test('who fails leaves the next one its turn', async () => {
  const turns = new Turns()
  const works = [0, 1, 2].map(async (i) => {
    await turns.next()
    busyFor(5)
    if (i === 1) throw new Error('no')
  })
  const settled = await Promise.allSettled(works)
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

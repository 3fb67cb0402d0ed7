// What is under way is counted right, whatever becomes of it.
import { expect, test } from 'vitest'

import { Overloaded, Traffic } from './traffic.ts'

const limits = { openRequests: 2, arrivingBytes: 100 }

test('who receives a body is not counted meanwhile, but is again afterwards, whatever happens', async () => {
  const traffic = new Traffic(limits)
  traffic.enter()
  const received = traffic.receive(async (arrived) => {
    arrived(60)
    expect(traffic.open).toBe(0)
    await Promise.resolve()
    return 'body'
  })
  expect(await received).toBe('body')
  expect(traffic.open).toBe(1)
  const failed = traffic.receive(async () => Promise.reject(new Error('gone')))
  await expect(failed).rejects.toThrow('gone')
  expect(traffic.open).toBe(1)
})

test('too many bytes at once fail who brings them, and are forgotten with it', async () => {
  const traffic = new Traffic(limits)
  traffic.enter()
  traffic.enter()
  expect(traffic.isFull).toBe(true)
  const take = async (bytes: number): Promise<void> =>
    traffic.receive(async (arrived) => {
      arrived(bytes)
      await Promise.resolve()
    })
  const [first, second] = await Promise.allSettled([take(60), take(60)])
  expect(first.status).toBe('fulfilled')
  expect(second).toMatchObject({ status: 'rejected', reason: expect.any(Overloaded) as Overloaded })
  await take(100)
  expect(traffic.open).toBe(2)
})

test('who comes back with a body when the places are taken is overloaded', async () => {
  const traffic = new Traffic(limits)
  traffic.enter()
  let arrive = (): void => undefined
  const late = traffic.receive(
    async () =>
      new Promise<void>((resolve) => {
        arrive = resolve
      }),
  )
  traffic.enter()
  traffic.enter()
  arrive()
  await expect(late).rejects.toThrow(Overloaded)
  expect(traffic.open).toBe(3)
})

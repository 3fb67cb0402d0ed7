// Load on a server: as much as it takes, or at a rate that does not ask whether it keeps up.

import { setTimeout as sleep } from 'node:timers/promises'

import type { Answer, Connections } from './connections.ts'

export interface Load {
  readonly answers: readonly Answer[]
  readonly seconds: number
  /** How much later than it should have been a request was sent, at the 99th percentile: the client's own fault. */
  readonly lateP99Ms: number
  /** CPU seconds of this process by second of the load. */
  readonly clientCpu: number
}

/** Sends the requests in order, always so many at once. */
export async function asFastAsTaken(
  connections: Connections,
  requests: readonly Buffer[],
  atOnce: number,
): Promise<Load> {
  const answers: Answer[] = []
  let next = 0
  return measured(answers, [], async () => {
    const turn = async (): Promise<void> => {
      for (let i = next++; i < requests.length; i = next++) {
        answers[i] = await connections.send(requests[i] as Buffer)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, turn))
  })
}

/** Sends the requests in order, so many a second, whether or not those before are answered. */
export async function atRate(
  connections: Connections,
  requests: readonly Buffer[],
  perSecond: number,
): Promise<Load> {
  const answers: Answer[] = []
  const late: number[] = []
  return measured(answers, late, async () => {
    const began = performance.now()
    const underWay: Promise<void>[] = []
    for (let i = 0; i < requests.length;) {
      const now = performance.now() - began
      for (; i < requests.length && (i / perSecond) * 1_000 <= now; i++) {
        late.push(now - (i / perSecond) * 1_000)
        const at = i
        const sent = connections.send(requests[i] as Buffer)
        underWay.push(
          sent.then((answer) => {
            answers[at] = answer
          }),
        )
      }
      await sleep(1)
    }
    await Promise.all(underWay)
  })
}

async function measured(
  answers: readonly Answer[],
  late: readonly number[],
  run: () => Promise<void>,
): Promise<Load> {
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  await run()
  const seconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const clientCpu = (user + system) / 1e6 / seconds
  return { answers, seconds, lateP99Ms: quantile(late, 0.99), clientCpu }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** Ms of the answers with that status. */
export function timesOf({ answers }: Load, status = 200): readonly number[] {
  return answers.filter((answer) => answer.status === status).map(({ ms }) => ms)
}

export function shareOf({ answers }: Load, status: number): number {
  return answers.filter((answer) => answer.status === status).length / answers.length
}

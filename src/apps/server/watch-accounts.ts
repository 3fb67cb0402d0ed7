// Gauges that are read when somebody asks for the metrics: what waits, and how large the stores are, over all accounts.

import { Gauge, type Registry } from 'prom-client'

import type { ServedAccount } from './parts.ts'

export function watchAccounts(
  registry: Registry,
  accounts: ReadonlyMap<string, ServedAccount>,
): void {
  const gauge = (
    name: string,
    help: string,
    read: (account: ServedAccount) => number | Promise<number>,
  ): void => {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          let sum = 0
          for (const account of accounts.values()) sum += await read(account)
          this.set(sum)
        },
      }),
    )
  }
  gauge(
    'selfsame_unwritten_messages',
    'Messages that wait for the disk.',
    ({ intake }) => intake.queue.unwritten,
  )
  gauge(
    'selfsame_unresolved_messages',
    'Durable messages that wait for their profiles.',
    ({ intake }) => intake.queue.unresolved,
  )
}

// What the server counts about itself, for Prometheus. Labels are of fixed sets: never a key, a person or a site.

import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds; from a look-up in memory to a batch on a slow disk. */
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

export type Metrics = ReturnType<typeof createMetrics>

/** @param openRequests how many are under way at this instant */
export function createMetrics(openRequests: () => number) {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    messages: new Counter({
      name: 'selfsame_messages_total',
      help: 'Messages taken, by what became of them.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    requests: new Histogram({
      name: 'selfsame_request_seconds',
      help: 'Time until a request was answered.',
      labelNames: ['route', 'status'] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    openRequests: new Gauge({
      name: 'selfsame_open_requests',
      help: 'Requests under way.',
      registers,
      collect() {
        this.set(openRequests())
      },
    }),
  }
}

// Starts a Kafka broker, a schema registry and a Redis for a person to try things with; ctrl-C ends them.
import { startKafka, startRedis, startRegistry } from '../test/engines/index.ts'

console.log('starting; the first time the servers are fetched, which takes a minute or two')
const engines = await Promise.all([startKafka(), startRegistry(), startRedis()])
const [kafka, registry, redis] = engines
console.log(`log       ${kafka.url}`)
console.log(`registry  ${registry.url}`)
console.log(`graph     ${redis.url}`)
console.log('ctrl-C ends them and removes their data')

// Keeps the process until somebody asks for its end.
const waiting = setInterval(() => undefined, 60_000)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(waiting)
    void Promise.all(engines.map((engine) => engine.stop()))
  })
}

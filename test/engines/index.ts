// Real servers for tests and for trying things by hand: a broker, a registry, a Redis.

export { startKafka, type Kafka } from './kafka.ts'
export { startRedis } from './redis.ts'
export { startRegistry, type Registry } from './registry.ts'

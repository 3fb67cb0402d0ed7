// The reference adapters, in memory: first to conform, gone when the process ends.

export { createMemoryChangeTopics, type MemoryChangeTopics } from './change-topics.ts'

export { createMemoryEventLog } from './event-log.ts'

export { createMemoryIdentityStore } from './identity-store.ts'

export {
  createMemorySharedLog,
  type MemorySharedLog,
  type MemorySharedLogOptions,
} from './shared-log.ts'

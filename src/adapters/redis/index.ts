// Identity store on Redis: one graph that several processes write.

export {
  openRedisStore,
  type RedisNamespaces,
  type RedisOptions,
  type RedisStore,
  type RedisStoreOptions,
  withRedisNamespaces,
} from './identity-store.ts'

// Where a graph is kept, for threads of this process that read it too. Invariant: holds nothing that cannot cross to a thread.

import { openRedisStore } from '../../adapters/redis/index.ts'
import { openSqliteStore } from '../../adapters/sqlite/index.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'

export type GraphPlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'redis'
      readonly url: string
      readonly account: string
      readonly namespace: string
      readonly ca: string | undefined
    }
  /** Only the thread that has it open can read it. */
  | { readonly kind: 'held' }

/** To read, beside whoever writes; null where only the process can. @throws {StoreError} */
export async function openPlace(place: GraphPlace): Promise<IdentityStore | null> {
  switch (place.kind) {
    case 'sqlite':
      return openSqliteStore(place.file, { readOnly: true })
    case 'redis': {
      const { url, account, namespace, ca } = place
      return openRedisStore(url, { account, namespace, ...(ca !== undefined && { ca }) })
    }
    case 'held':
      return null
    default:
      return place satisfies never
  }
}

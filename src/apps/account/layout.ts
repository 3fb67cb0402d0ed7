// Where things lie in a data directory. Other programs find serve.json and the warehouse by these names.

import { join } from 'node:path'

export interface Layout {
  readonly directory: string
  /** Random key of the profile ids of every account. */
  readonly secretFile: string
  /** Of a running server: where to reach it, and the token to do so. */
  readonly serveFile: string
  /** Write keys, tokens and sessions, by their digests. */
  readonly keysFile: string
  readonly policyDirectory: string
  /** Where the only account of a directory had its active settings before there could be several. */
  readonly formerPolicyFile: string
}

export function layoutOf(directory: string): Layout {
  return {
    directory,
    secretFile: join(directory, 'secret'),
    serveFile: join(directory, 'serve.json'),
    keysFile: join(directory, 'keys.db'),
    policyDirectory: join(directory, 'policy'),
    formerPolicyFile: join(directory, 'policy.json'),
  }
}

export interface AccountLayout extends Layout {
  /** The active settings. */
  readonly policyFile: string
  /** What was learned last. */
  readonly knowledgeFile: string
  /** What new logins have said of it since. */
  readonly driftFile: string
  /** What first stewards have said of merges that take two. */
  readonly firstWordsFile: string
  readonly logDirectory: string
  /** Of an archive of a shared log, how far it is. */
  readonly archivedFile: string
  readonly graphFile: string
  /** Of a graph on RocksDB. */
  readonly rocksDirectory: string
  readonly rejectsDirectory: string
  /** Published tables, a directory a run. */
  readonly warehouseDirectory: string
}

export function accountLayout(directory: string, account: string): AccountLayout {
  const layout = layoutOf(directory)
  return {
    ...layout,
    policyFile: join(layout.policyDirectory, `${account}.json`),
    knowledgeFile: join(directory, 'knowledge', `${account}.json`),
    driftFile: join(directory, 'knowledge', `${account}.drift`),
    firstWordsFile: join(directory, 'reviews', `${account}.json`),
    logDirectory: join(directory, 'log', account),
    archivedFile: join(directory, 'log', `${account}.archived.json`),
    graphFile: join(directory, 'graph', `${account}.db`),
    rocksDirectory: join(directory, 'graph', `${account}.rocksdb`),
    rejectsDirectory: join(directory, 'rejects', account),
    warehouseDirectory: join(directory, 'warehouse', account),
  }
}

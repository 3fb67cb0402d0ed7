// Where things lie in a data directory. Other programs find serve.json and the warehouse by these names.

import { join } from 'node:path'

export interface Layout {
  readonly directory: string
  /** Random key of the account's profile ids. */
  readonly secretFile: string
  /** The active settings. */
  readonly policyFile: string
  /** Of a running server: where to reach it, and the token to do so. */
  readonly serveFile: string
  readonly rejectsDirectory: string
}

export function layoutOf(directory: string): Layout {
  return {
    directory,
    secretFile: join(directory, 'secret'),
    policyFile: join(directory, 'policy.json'),
    serveFile: join(directory, 'serve.json'),
    rejectsDirectory: join(directory, 'rejects'),
  }
}

/** Of one account. */
export interface AccountLayout {
  readonly logDirectory: string
  readonly graphFile: string
}

export function accountLayout({ directory }: Layout, account: string): AccountLayout {
  return {
    logDirectory: join(directory, 'log', account),
    graphFile: join(directory, 'graph', `${account}.db`),
  }
}

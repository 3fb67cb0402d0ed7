// Whether the process that left its number in a file still runs.

import { systemCodeOf } from '../user-error.ts'

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    // It is there, and another user's.
    return systemCodeOf(cause) === 'EPERM'
  }
}

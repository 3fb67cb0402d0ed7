// A question without an answer, as the failure of a command.

import type { Answered } from '../answers/look-ups.ts'
import { UserError } from '../user-error.ts'

/** @throws {UserError} in the words of the answer; a question that makes no sense is bad usage. */
export function valueOf<T>(answered: Answered<T>): T {
  if (answered.ok) return answered.value
  throw new UserError(answered.message, { exitCode: answered.status === 400 ? 2 : 1 })
}

// The API, by the same client that programs use; the session is in a cookie that no script can read.

import { createClient } from 'selfsame/client'

import { forget } from './state.ts'

export const client = {
  ...createClient({ url: location.origin }),
  /** The session has ended: all that was shown is forgotten. */
  ended: (): void => forget(),
}

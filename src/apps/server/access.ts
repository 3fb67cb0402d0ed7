// Who may ask: the administrator's token, known here by its digest only.
// Invariant: how long the comparison takes says nothing about the token, since digests are compared.

import type { Digest } from '../../core/index.ts'

export interface Access {
  /** Whether an `Authorization` header carries the administrator's token. */
  isAdministrator(authorization: string | undefined): boolean
}

export function accessWith(token: string, digest: Digest): Access {
  const expected = digest(token)
  return {
    isAdministrator: (authorization) => {
      const given = /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1]
      return given !== undefined && equalDigests(digest(given), expected)
    },
  }
}

function equalDigests(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}

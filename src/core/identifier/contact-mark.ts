// The mark that stands for an e-mail or phone where the plain one must not be written: `sha256:` and its digest.
// Invariant: a mark gives the same identifier as the address it stands for.

/** `role`: a mailbox several people read. `contact`: an e-mail, or a phone where the field says so. */
type MarkKind = 'contact' | 'role' | 'phone'

export interface Mark {
  readonly hash: string
  readonly kind: MarkKind
}

/** In the place of what looked like an address but has no normal form, or of a placeholder: is itself a placeholder. */
export const REDACTED = 'redacted'

export const MARK_START = 'sha256:'

const MARK = /^sha256:([0-9a-f]{64})(?:;(role|phone))?$/i

const KINDS: ReadonlyMap<string | undefined, MarkKind> = new Map([
  ['role', 'role'],
  ['phone', 'phone'],
])

export function readMark(text: string): Mark | null {
  const [, hash, kind] = MARK.exec(text.trim()) ?? []
  if (hash === undefined) return null
  return { hash: hash.toLowerCase(), kind: KINDS.get(kind?.toLowerCase()) ?? 'contact' }
}

export function writeMark({ hash, kind }: Mark): string {
  return kind === 'contact' ? MARK_START + hash : `${MARK_START}${hash};${kind}`
}

// A mistake of the person at the keyboard, or of the machine, said in words: never shown with a stack trace.

export interface UserErrorOptions {
  /** What to do about it, in its own sentence. */
  readonly hint?: string
  /** 1: it failed; 2: bad usage. */
  readonly exitCode?: 1 | 2
  readonly cause?: unknown
}

export class UserError extends Error {
  readonly hint: string | null
  readonly exitCode: 1 | 2

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'UserError'
    this.hint = options.hint ?? null
    this.exitCode = options.exitCode ?? 1
  }
}

/** The code of a system error (`ENOENT`), else the empty string. */
export function systemCodeOf(cause: unknown): string {
  if (!(cause instanceof Error) || !('code' in cause)) return ''
  return typeof cause.code === 'string' ? cause.code : ''
}

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'this user may not do that',
  EPERM: 'this user may not do that',
  EROFS: 'its disk is mounted read-only',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is no directory',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
}

/** Whether the machine refused something that needs no explanation by the code that met it. */
export function isSystemFailure(cause: unknown): boolean {
  return Object.hasOwn(SYSTEM_WORDS, systemCodeOf(cause))
}

/** A system error in words: `cannot read x.ndjson: it does not exist`. */
export function systemError(doing: string, cause: unknown): UserError {
  const words = SYSTEM_WORDS[systemCodeOf(cause)]
  const message = words ?? (cause instanceof Error ? cause.message : String(cause))
  return new UserError(`cannot ${doing}: ${message}`, { cause })
}

// The one error adapters throw when an operation fails; it says whether trying again can help.

export type StoreErrorCode =
  | 'full'
  | 'read_only'
  | 'locked'
  | 'newer_version'
  | 'corrupt'
  | 'unavailable'
  | 'closed'

export class StoreError extends Error {
  readonly code: StoreErrorCode
  readonly retryable: boolean

  constructor(
    code: StoreErrorCode,
    message: string,
    options: { retryable: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.name = 'StoreError'
    this.code = code
    this.retryable = options.retryable
  }
}

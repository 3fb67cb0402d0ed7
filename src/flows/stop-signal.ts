// Who is told to stop. What runtimes call an AbortSignal is one; flows know of no runtime.

export interface StopSignal {
  readonly aborted: boolean
}

// What the API said, or that it is being asked, or what went wrong: the same everywhere.

import type { ComponentChildren } from 'preact'

import type { Loaded } from '../state/loaded.ts'

export function Shown<T>({
  of,
  children,
}: {
  readonly of: Loaded<T>
  readonly children: (value: T) => ComponentChildren
}) {
  const { value, error } = of
  if (value !== null) {
    return (
      <>
        {error !== null && <Problem text={`${error}. What you see may be old.`} />}
        {children(value)}
      </>
    )
  }
  return error === null ? <Waiting /> : <Problem text={error} />
}

export function Problem({ text }: { readonly text: string }) {
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  )
}

export function Waiting() {
  return (
    <p class="waiting" role="status">
      <span class="waiting-bar" />
      <span class="unseen">loading</span>
    </p>
  )
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>
}

// A number as a bar beside others of its column. The number itself stands beside it.

export function Bar({ of, most }: { readonly of: number; readonly most: number }) {
  const share = most <= 0 ? 0 : Math.min(1, Math.max(0, of / most))
  return (
    <span class="bar" aria-hidden="true">
      <span style={{ width: `${share * 100}%` }} />
    </span>
  )
}

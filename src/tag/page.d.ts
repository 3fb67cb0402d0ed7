// What the tag finds on a page, beside what every browser has.

/** Until the tag is loaded a stub that keeps the calls in `q`. */
interface Selfsame {
  (...call: unknown[]): void
  q?: ArrayLike<unknown>[]
  loaded?: boolean
}

interface Window {
  selfsame?: Selfsame
}

interface Navigator {
  globalPrivacyControl?: boolean
  userAgentData?: { platform?: string }
}

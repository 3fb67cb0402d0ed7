// Text from outside, as JSON.

/** What the text says; null where it is no JSON, which no reader of objects takes either. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

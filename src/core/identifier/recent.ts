// A bounded memory of what was lately made of a text, so that repeated values are not normalised and hashed again.
// Invariant: only ever holds what a pure function of the key gives, so forgetting changes nothing but time.

/** Remembers at least the last `entriesMax` distinct keys that were asked for, and at most twice as many. */
export class Recent<Value> {
  private readonly entriesMax: number
  private young = new Map<string, Value>()
  private old = new Map<string, Value>()

  constructor(entriesMax: number) {
    this.entriesMax = entriesMax
  }

  get(key: string): Value | undefined {
    const value = this.young.get(key)
    if (value !== undefined) return value
    const kept = this.old.get(key)
    if (kept !== undefined) this.set(key, kept)
    return kept
  }

  set(key: string, value: Value): void {
    if (this.young.size >= this.entriesMax) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }
}

// Where one of many quoted texts stands in bytes, found in one pass: a profile may have hundreds of identifiers.
// Invariant: finds what a search for each text by itself finds; hashes only say where to compare.

const QUOTE = 34
const HASH_FACTOR = 31

/** Texts with their quotes, as bytes of JSON. */
export class QuotedTexts {
  /** Hash of what is between the quotes -> those texts. */
  readonly #byHash = new Map<number, Buffer[]>()
  /** With a quote within: they are looked for one by one. */
  readonly #others: Buffer[] = []

  constructor(texts: readonly Buffer[]) {
    for (const text of texts) {
      if (text.indexOf(QUOTE, 1) !== text.length - 1) {
        this.#others.push(text)
        continue
      }
      let hash = 0
      for (let at = 1; at < text.length - 1; at++) hash = hashed(hash, text[at])
      this.#byHash.set(hash, [...(this.#byHash.get(hash) ?? []), text])
    }
  }

  /** Calls for each place where a text begins; in order but for texts that have a quote within. */
  find(bytes: Buffer, found: (at: number) => void): void {
    // Between two quotes that follow each other stands one text, or what is between two texts: that is compared in vain.
    let before = -1
    let hash = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte !== QUOTE) {
        hash = hashed(hash, byte)
        continue
      }
      const texts = before < 0 ? undefined : this.#byHash.get(hash)
      if (texts?.some((text) => bytes.compare(text, 0, text.length, before, at + 1) === 0) === true)
        found(before)
      before = at
      hash = 0
    }
    for (const text of this.#others)
      for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found(at)
  }
}

function hashed(hash: number, byte: number | undefined): number {
  return (Math.imul(hash, HASH_FACTOR) + (byte ?? 0)) | 0
}

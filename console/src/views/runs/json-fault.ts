// Where a text stops being JSON, in words with line and column: what browsers say of it differs, and often has no place.
// Invariant: null exactly for what JSON.parse accepts.

/** Null: the text is JSON. */
export function jsonFault(text: string): string | null {
  const scan = new Scan(text)
  try {
    scan.value()
    scan.end()
    return null
  } catch (cause) {
    if (cause instanceof Fault) return cause.message
    throw cause
  }
}

class Fault extends Error {}

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
/** As far as a text goes well. */
// oxlint-disable-next-line no-control-regex -- JSON forbids them in texts
const CHARACTERS = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y
/** Deeper than any configuration is. */
const DEPTH_MAX = 200

class Scan {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): void {
    this.#skip()
    const first = this.#text[this.#at]
    if (first === '{') this.#inside('}', 'name', () => this.#member())
    else if (first === '[') this.#inside(']', 'value', () => this.value())
    else if (first === '"') this.#string()
    else if (!this.#take(NUMBER) && !this.#take(WORD)) this.#fail(`a value was expected here`)
    this.#skip()
  }

  end(): void {
    if (this.#at < this.#text.length) this.#fail('the settings have ended, and yet there is more')
  }

  #inside(close: '}' | ']', what: string, one: () => void): void {
    const opened = this.#at
    this.#at++
    if (++this.#depth > DEPTH_MAX) this.#fail('this is nested too deeply')
    this.#skip()
    if (this.#text[this.#at] === close) this.#at++
    else {
      for (;;) {
        one()
        const next = this.#text[this.#at]
        this.#at++
        if (next === close) break
        if (next !== ',') {
          this.#at--
          if (next === undefined) this.#fail(`what ${this.#place(opened)} opens is never closed`)
          this.#fail(`a comma or "${close}" was expected here`)
        }
        this.#skip()
        if (this.#text[this.#at] === close)
          this.#fail(`after a comma another ${what} was expected; take the comma away`)
      }
    }
    this.#depth--
  }

  #member(): void {
    this.#skip()
    if (this.#text[this.#at] !== '"') this.#fail('a name in double quotes was expected here')
    this.#string()
    this.#skip()
    if (this.#text[this.#at] !== ':') this.#fail('a colon was expected after the name')
    this.#at++
    this.value()
  }

  #string(): void {
    const opened = this.#at
    this.#at++
    this.#take(CHARACTERS)
    const next = this.#text[this.#at]
    if (next === '\\') this.#fail('a backslash is followed by what it cannot escape')
    if (next !== '"') this.#fail(`the text that ${this.#place(opened)} opens is never closed`)
    this.#at++
  }

  #skip(): void {
    this.#take(SPACE)
  }

  /** Whether there was any of it. */
  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const taken = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += taken.length
    return taken !== ''
  }

  #place(at: number): string {
    const lines = this.#text.slice(0, at).split('\n')
    return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
  }

  #fail(words: string): never {
    const place = this.#place(this.#at)
    throw new Fault(`${place.charAt(0).toUpperCase()}${place.slice(1)}: ${words}.`)
  }
}

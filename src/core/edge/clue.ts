// Clues: what a cookie's messages tell that names nobody, each as one unsigned 32-bit number: kind above, code below.
// Invariant: of each kind the smallest codes ever told are kept, so neither order, repetition nor grouping changes them.

interface ClueRule {
  /** The top 4 bits. */
  readonly number: number
  /** Codes that a cookie keeps of it. */
  readonly kept: number
  /** For people. */
  readonly words: string
}

export const CLUE_KINDS = {
  device: { number: 0, kept: 4, words: 'kind of device' },
  system: { number: 1, kept: 4, words: 'operating system' },
  browser: { number: 2, kept: 4, words: 'browser' },
  language: { number: 3, kept: 4, words: 'language' },
  zone: { number: 4, kept: 4, words: 'time zone' },
  region: { number: 5, kept: 4, words: 'region' },
  page: { number: 6, kept: 32, words: 'page or screen' },
  step: { number: 7, kept: 32, words: 'way from page to page' },
  click: { number: 8, kept: 8, words: 'click on an ad' },
  site: { number: 9, kept: 8, words: 'site' },
} as const satisfies Readonly<Record<string, ClueRule>>

export type ClueKind = keyof typeof CLUE_KINDS

/** Codes of these are told apart by name. A code is the place in the list, from 1: names are only ever added at the end. */
export const CLUE_NAMES = {
  device: ['phone', 'tablet', 'computer', 'other'],
  system: ['ios', 'android', 'chromeos', 'windows', 'macos', 'linux'],
  browser: ['chrome', 'safari', 'firefox', 'edge', 'samsung', 'opera', 'app', 'other'],
} as const satisfies Partial<Record<ClueKind, readonly string[]>>

export type NamedKind = keyof typeof CLUE_NAMES
export type ClueName<Kind extends NamedKind> = (typeof CLUE_NAMES)[Kind][number]

/** Ascending, each once, and of each kind no more than are kept. Never changed once made; shared freely. */
export type Clues = Uint32Array<ArrayBuffer>

export const NO_CLUES: Clues = new Uint32Array(0)

const CODE_BITS = 28
const CODE_MASK = 2 ** CODE_BITS - 1

const KINDS = Object.keys(CLUE_KINDS).filter(isKind)
const KEPT: readonly number[] = KINDS.map((kind) => CLUE_KINDS[kind].kept)
const NAMES: Partial<Readonly<Record<ClueKind, readonly string[]>>> = CLUE_NAMES

function isKind(name: string): name is ClueKind {
  return name in CLUE_KINDS
}

/** @param code a whole number of 28 bits */
export function clueOf(kind: ClueKind, code: number): number {
  return ((CLUE_KINDS[kind].number << CODE_BITS) | (code & CODE_MASK)) >>> 0
}

export function clueOfName<Kind extends NamedKind>(kind: Kind, name: ClueName<Kind>): number {
  const names: readonly string[] = CLUE_NAMES[kind]
  return clueOf(kind, names.indexOf(name) + 1)
}

export function clueOfText(kind: ClueKind, text: string): number {
  return clueOf(kind, codeOfText(text))
}

/** The number of its kind. `clue` may be signed. */
export function kindNumberOf(clue: number): number {
  return clue >>> CODE_BITS
}

/** Null for a number that no kind has. */
export function kindOfClue(clue: number): ClueKind | null {
  return KINDS[kindNumberOf(clue)] ?? null
}

export function codeOfClue(clue: number): number {
  return clue & CODE_MASK
}

/** The name a clue's code stands for; null where codes are hashes. */
export function nameOfClue(clue: number): string | null {
  const kind = kindOfClue(clue)
  return kind === null ? null : (NAMES[kind]?.[codeOfClue(clue) - 1] ?? null)
}

/** 28 bits of a hash of the text's UTF-16 units: FNV-1a, then the finaliser of murmur3, of which the top bits count. */
function codeOfText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> (32 - CODE_BITS)
}

/** Clues of numbers in any order, which may repeat. */
export function cluesFrom(numbers: readonly number[]): Clues {
  const sorted = numbers.length <= SCRATCH.length ? SCRATCH : new Uint32Array(numbers.length)
  let length = 0
  for (let i = 0; i < numbers.length; i++) {
    const clue = numbers[i] ?? 0
    let at = length
    while (at > 0 && (sorted[at - 1] ?? 0) > clue) at--
    if (at > 0 && sorted[at - 1] === clue) continue
    for (let to = length; to > at; to--) sorted[to] = sorted[to - 1] ?? 0
    sorted[at] = clue
    length++
  }
  return asKept(sorted, length)
}

/** What is kept when more is told: `kept` itself when that changes nothing. */
export function mergeClues(kept: Clues, more: Clues): Clues {
  for (let at = 0; at < more.length; at++) {
    if (isNew(kept, more[at] ?? 0)) return kept.length === 0 ? more : united(kept, more)
  }
  return kept
}

/** Whether a clue is not there yet and would be kept. */
function isNew(kept: Clues, clue: number): boolean {
  const at = placeIn(kept, clue)
  const kind = clue >>> CODE_BITS
  if (at < kept.length) {
    const next = kept[at] ?? 0
    if (next === clue) return false
    if (next >>> CODE_BITS === kind) return true
  }
  // It would be the last of its kind.
  const rule = KEPT[kind] ?? 0
  return rule > 0 && (at < rule || (kept[at - rule] ?? 0) >>> CODE_BITS !== kind)
}

/** How many of the clues are smaller. */
function placeIn(clues: Clues, clue: number): number {
  let low = 0
  let high = clues.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((clues[middle] ?? 0) < clue) low = middle + 1
    else high = middle
  }
  return low
}

/** For what is in the making, twice as long as anything kept: making an array of more than 64 bytes takes a microsecond. */
const SCRATCH = new Uint32Array(2 * KEPT.reduce((sum, kept) => sum + kept, 0))

// No read is past the end in here: those are what makes such loops slow.
function united(a: Clues, b: Clues): Clues {
  const whole = a.length + b.length
  const all = whole <= SCRATCH.length ? SCRATCH : new Uint32Array(whole)
  let length = 0
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const x = a[i] ?? 0
    const y = b[j] ?? 0
    if (x <= y) i++
    if (y <= x) j++
    all[length++] = x < y ? x : y
  }
  while (i < a.length) all[length++] = a[i++] ?? 0
  while (j < b.length) all[length++] = b[j++] ?? 0
  return asKept(all, length)
}

/** Of the first `length` numbers, ascending and each once, those that are kept; `all` is used up. */
function asKept(all: Clues, length: number): Clues {
  let count = 0
  let kind = -1
  let left = 0
  for (let at = 0; at < length; at++) {
    const clue = all[at] ?? 0
    if (clue >>> CODE_BITS !== kind) {
      kind = clue >>> CODE_BITS
      left = kind < KEPT.length ? (KEPT[kind] ?? 0) : 0
    }
    if (left-- > 0) all[count++] = clue
  }
  return count === 0 ? NO_CLUES : all.slice(0, count)
}

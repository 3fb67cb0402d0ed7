// Identifiers as a person recognises them: what they typed as they typed it, e-mails and phones else by a short hash.

const HASH_SHOWN = 12
const HASH = /^[0-9a-f]{64}$/

/** Names for one answer; `typed` is what the person typed for the identifier `TYPE:VALUE` of the answer. */
export type Names = (identifier: string) => string

export function namesFor(typed: ReadonlyMap<string, string>): Names {
  return (identifier) => typed.get(identifier) ?? shortened(identifier)
}

/** `email:9f86d081884c…` of `email:` and a whole digest. */
function shortened(identifier: string): string {
  const at = identifier.lastIndexOf(':') + 1
  const value = identifier.slice(at)
  return HASH.test(value) ? `${identifier.slice(0, at)}${value.slice(0, HASH_SHOWN)}…` : identifier
}

/** Words of the core with its short names (`email 9f86d081884c…`) put as the person typed them. */
export function inWords(text: string, typed: ReadonlyMap<string, string>): string {
  let words = text
  for (const [identifier, as] of typed) {
    const colon = identifier.indexOf(':')
    const short = shortened(identifier)
    words = words.replaceAll(`${identifier.slice(0, colon)} ${short.slice(colon + 1)}`, as)
  }
  return words
}

// A case that every adapter of a port must pass, as data: whoever runs it brings the test runner.
// Invariant: a case that fails throws an error that says what was expected.

/** `Need` names what an adapter may lack; it then gives the reason, and its runs skip the cases that need it. */
export interface Case<Subject, Need extends string = never> {
  readonly name: string
  readonly needs?: Need
  run(subject: Subject): Promise<void>
}

/** Throws unless the two are equal as JSON, where the order of an object's fields does not count. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [canonical(actual), canonical(expected)]
  if (is !== should) throw new Error(`${what}: expected ${should}, got ${is}`)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

// What contradicts what: cases as a table, and that a chain is a proof.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contradictionOf, impliedBy, type Proposed } from './contradiction.ts'
import type { VerdictRecord } from './view/records.ts'
import { View } from './view/view.ts'

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f']

/** `A=B` the same, `A#B` not, sides by letters: `ab=c`. Named by itself. */
function said(...texts: readonly string[]): View {
  const view = new View()
  texts.forEach((text, order) => view.addVerdict(verdictOf(text, order)))
  for (const key of LETTERS) view.absent.add(key)
  return view
}

function proposed(text: string): Proposed {
  const [a = '', b = ''] = text.split(/[=#]/)
  const verdict = text.includes('=') ? 'same' : 'different'
  return { verdict, a: a.split(''), b: b.split('') }
}

const verdictOf = (text: string, order: number): VerdictRecord => ({
  id: `${text} ${order}`,
  question: null,
  ...proposed(text),
  order,
  at: 0,
  author: 'sam',
  note: '',
})

test.each([
  { before: [], now: 'a=b', chain: [] },
  { before: ['a=b'], now: 'a=b', chain: [] },
  { before: ['a#b'], now: 'a=b', chain: ['a#b'] },
  { before: ['b#a'], now: 'a=b', chain: ['b#a'] },
  { before: ['a=b'], now: 'a#b', chain: ['a=b'] },
  { before: ['a=b', 'b=c'], now: 'c#a', chain: ['b=c', 'a=b'] },
  { before: ['a=b', 'b#c'], now: 'a=c', chain: ['a=b', 'b#c'] },
  { before: ['a=b', 'b#c', 'c=d'], now: 'a=d', chain: ['a=b', 'b#c', 'c=d'] },
  { before: ['a=b', 'b#c', 'c=d'], now: 'd=a', chain: ['c=d', 'b#c', 'a=b'] },
  // Two who are each not a third may still be one.
  { before: ['a#b', 'b#c'], now: 'a=c', chain: [] },
  { before: ['a=b', 'c=d'], now: 'a#d', chain: [] },
  // Sets: whoever was shown on one side is one with all of the other.
  { before: ['ab=cd'], now: 'b#d', chain: ['ab=cd'] },
  { before: ['ab#cd'], now: 'd=a', chain: ['ab#cd'] },
  { before: ['ab=c', 'cd#e'], now: 'ae=b', chain: ['cd#e', 'ab=c'] },
  { before: ['ab=c', 'cd#e'], now: 'a=e', chain: ['ab=c', 'cd#e'] },
  // The shortest of several ways.
  { before: ['a=b', 'b=c', 'a=c'], now: 'a#c', chain: ['a=c'] },
])('$before, then $now', ({ before, now, chain }) => {
  const found = contradictionOf(said(...before), proposed(now))
  if ('nodes' in found) throw new Error('something is missing')
  expect(found.map(({ id }) => id.slice(0, id.indexOf(' ')))).toEqual(chain)
})

test.each([
  { before: ['a=b', 'b#c'], implied: 'different by a=b, b#c' },
  { before: ['a=b', 'b=c'], implied: 'same by a=b, b=c' },
  { before: ['a=b', 'c#d'], implied: null },
  { before: ['a=b'], implied: null },
])('after $before, of a and c', ({ before, implied }) => {
  const found = impliedBy(said(...before), ['a'], ['c'])
  if (found !== null && 'nodes' in found) throw new Error('something is missing')
  const chain = found?.chain.map(({ id }) => id.slice(0, id.indexOf(' '))).join(', ')
  expect(found && `${found.verdict} by ${chain ?? ''}`).toBe(implied)
})

test('what is not loaded is asked for', () => {
  const view = said('a=b')
  view.absent.delete('b')
  expect(contradictionOf(view, proposed('a#c'))).toEqual({ nodes: ['b'] })
})

const letter = fc.constantFrom(...LETTERS)
const text = fc
  .tuple(letter, fc.constantFrom('=', '#'), letter)
  .filter(([x, , y]) => x !== y)
  .map((parts) => parts.join(''))

test('where each is refused that contradicts, all that were taken can be true at once', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
      const taken: string[] = []
      for (const one of texts) {
        const found = contradictionOf(said(...taken), proposed(one))
        if ('nodes' in found) throw new Error('something is missing')
        expect(found.length > 0).toBe(!isPossible([...taken, one]))
        if (found.length === 0) taken.push(one)
        // The chain alone, and what was to be said, cannot be true.
        const chain = found.map(({ id }) => id.slice(0, 3))
        expect(isPossible([...chain, one])).toBe(found.length === 0)
      }
    }),
  )
})

/** Whether people can be found so that all is true. */
function isPossible(texts: readonly string[]): boolean {
  const person = new Map(LETTERS.map((one) => [one, one]))
  for (const one of texts) {
    if (!one.includes('=')) continue
    const [from, to] = [person.get(one.charAt(2)), person.get(one.charAt(0)) ?? '']
    for (const [who, is] of person) if (is === from) person.set(who, to)
  }
  return texts.every(
    (one) => one.includes('=') || person.get(one.charAt(0)) !== person.get(one.charAt(2)),
  )
}

// Whatever the pieces the bytes come in: the same lines, with their numbers.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { LineSplitter, type BatchLimits } from './split-lines.ts'

const LIMITS: BatchLimits = { linesMax: 3, bytesMax: 40, lineBytesMax: 12 }

interface Line {
  readonly line: number
  /** Null for one that was too long. */
  readonly text: string | null
}

function drain(splitter: LineSplitter, end: boolean, into: Line[]): void {
  for (;;) {
    const batch = splitter.take(end)
    for (const { line } of splitter.takeLong()) into.push({ line, text: null })
    if (batch === null) return
    expect(batch.ends.length).toBeLessThanOrEqual(LIMITS.linesMax)
    let start = 0
    batch.ends.forEach((stop, i) => {
      into.push({ line: batch.firstLine + i, text: batch.bytes.toString('utf8', start, stop) })
      start = stop + 1
    })
  }
}

test('lines are those of the whole, too long ones passed over', () => {
  const line = fc.stringMatching(/^[a-zé]{0,16}$/)
  const cuts = fc.array(fc.nat(), { maxLength: 12 })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.boolean(), cuts, (texts, ended, at) => {
      const whole = Buffer.from(texts.join('\n') + (ended ? '\n' : ''))
      const splitter = new LineSplitter(LIMITS)
      const lines: Line[] = []
      const edges = [0, ...at.map((cut) => cut % (whole.length + 1)), whole.length]
      edges.sort((a, b) => a - b)
      edges.slice(1).forEach((edge, i) => {
        splitter.push(whole.subarray(edges[i], edge))
        drain(splitter, false, lines)
      })
      drain(splitter, true, lines)
      const expected = texts.map((text, i): Line => {
        return { line: i + 1, text: Buffer.byteLength(text) > LIMITS.lineBytesMax ? null : text }
      })
      if (!ended && texts.at(-1) === '') expected.pop()
      if (ended && texts.length === 0) expected.push({ line: 1, text: '' })
      expect(lines.toSorted((a, b) => a.line - b.line)).toEqual(expected)
    }),
  )
})

test('an endless line takes no memory', () => {
  const splitter = new LineSplitter(LIMITS)
  for (let i = 0; i < 1_000; i++) {
    splitter.push(Buffer.alloc(1_000, 'x'))
    expect(splitter.take(false)).toBeNull()
    expect(splitter.held).toBe(0)
  }
  splitter.push(Buffer.from('\nab'))
  expect(splitter.take(true)).toMatchObject({ firstLine: 2, ends: [2] })
  expect(splitter.takeLong()).toEqual([{ line: 1, bytes: 1_000_000 }])
})

// Lengths in UTF-8 are those of the encoder, also of texts that are none.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { isLongerThan } from './text-bytes.ts'

test('a text is longer than one byte less than it has, and no longer than it has', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\ud834', '\udd1e', 'é', 'a'),
  )
  fc.assert(
    fc.property(fc.array(unit), (units) => {
      const text = units.join('')
      const { length } = new TextEncoder().encode(text)
      expect(isLongerThan(text, length)).toBe(false)
      expect(isLongerThan(text, length - 1)).toBe(true)
    }),
  )
})

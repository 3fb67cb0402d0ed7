// The stations are the order that test/tidy.test.ts enforces; a new one is added in both.
import { expect, test } from 'vitest'

import { stations } from './index.ts'

test('policy comes first, so that every station may read it', () => {
  expect(stations[0]).toBe('policy')
})

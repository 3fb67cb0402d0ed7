// What of a configuration was changed.
import { expect, test } from 'vitest'

import { changedSettings } from './changed-settings.ts'

test('each setting by its name, with what it was and is', () => {
  const before = { thresholds: { merge: 0.9, review: 0.5 }, junk: { add: [] }, same: 1 }
  const after = { same: 1, thresholds: { review: 0.5, merge: 0.8 }, junk: { add: ['x'] }, new: {} }
  expect(changedSettings(before, after)).toEqual([
    { name: 'thresholds.merge', before: '0.9', after: '0.8' },
    { name: 'junk.add', before: '[]', after: '["x"]' },
    { name: 'new', before: null, after: '{}' },
  ])
})

test('none, and one that was taken away', () => {
  expect(changedSettings({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([])
  expect(changedSettings({ a: { b: null } }, { a: {} })).toEqual([
    { name: 'a.b', before: 'null', after: null },
  ])
})

test('settings of an inherited name are settings like others', () => {
  expect(changedSettings({}, JSON.parse('{"__proto__": {"x": 1}}'))).toEqual([
    { name: '__proto__', before: null, after: '{"x":1}' },
  ])
})

// Values that name nobody never become a cookie, an external id or a declared type; honest short ids do.
import { expect, test } from 'vitest'

import { extractionOf } from '../../../test/extraction.ts'
import { cookieOf } from './cookie.ts'
import { idInNamespace } from './external-id.ts'
import { isRefused, type Made } from './made.ts'

const extraction = extractionOf({ junk: { add: ['Walk-In'], allow: ['guest', '000000'] } })
const cookie = (id: string): Made => cookieOf(extraction, extraction.open, id)
const user = (id: string): Made => idInNamespace(extraction, extraction.open, 'user', id)
const outcome = (made: Made): string => (isRefused(made) ? made.reason : made.value)

/** The union of what the field lists: tag managers, analytics SDKs, customer data platforms. */
const JUNK = [
  'null',
  'NULL',
  ' null ',
  '"null"',
  "'null'",
  '%22null%22',
  '\\"null\\"'.replaceAll('\\', ''),
  '(null)',
  '<null>',
  '[null]',
  'undefined',
  '"undefined"',
  'nil',
  'None',
  'NaN',
  'n/a',
  '-1',
  '0',
  '00',
  '000000000',
  '-',
  '---',
  '0-0-0',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'true',
  'false',
  'void',
  'anonymous',
  'Anonymous',
  'anonymous_user',
  'guest_user',
  'unknown',
  'invalid',
  '(not set)',
  'not_set',
  'not_authenticated',
  'isAuthenticated',
  'logged out',
  '[object Object]',
  '[object Undefined]',
  'object',
  'id',
  'ID',
  'user_id',
  'userId',
  'distinct_id',
  'distinctId',
  'anonymousId',
  'email',
  'test',
  'test_user',
  'abc123',
  '1234567890',
  'asdf',
  '{{user.id}}',
  '${userId}',
  '<%= user.id %>',
  'redacted',
  'walk-in',
  '{}',
  '[]',
]

test.each(JUNK)('%j is nobody', (id) => {
  expect([outcome(cookie(id)), outcome(user(id))]).toEqual(['junk', 'junk'])
})

test.each<[id: string, cookieOutcome: string, userOutcome: string]>([
  ['42', '42', '42'],
  ['123', '123', '123'],
  ['7', 'too_plain', '7'],
  ['1000', '1000', '1000'],
  ['10000', 'too_plain', '10000'],
  ['111111', 'too_plain', '111111'],
  ['1111111', 'too_plain', 'too_plain'],
  ['1000000', 'too_plain', 'too_plain'],
  ['10293847', '10293847', '10293847'],
  ['k7', 'k7', 'k7'],
  ['aa', 'too_plain', 'too_plain'],
  ['aaaaaa', 'too_plain', 'too_plain'],
  ['abababab', 'too_plain', 'too_plain'],
  ['x-x-x', 'too_plain', 'too_plain'],
  ['cookie-1', 'cookie-1', 'cookie-1'],
  ['anna', 'anna', 'anna'],
  ['aaaa', 'too_plain', 'too_plain'],
  ['bob1', 'bob1', 'bob1'],
  ['Guest', 'Guest', 'Guest'],
  ['000000', '000000', '000000'],
  ['null-terminated', 'null-terminated', 'null-terminated'],
  ['日本語', '日本語', '日本語'],
  [
    '7f6b1c2e-5a0d-4c1e-9a75-3b1e0c2d4f5a',
    '7f6b1c2e-5a0d-4c1e-9a75-3b1e0c2d4f5a',
    '7f6b1c2e-5a0d-4c1e-9a75-3b1e0c2d4f5a',
  ],
  [
    '%227f6b1c2e-5a0d-4c1e-9a75-3b1e0c2d4f5a%22',
    '7f6b1c2e-5a0d-4c1e-9a75-3b1e0c2d4f5a',
    '7f6b1c2e-5a0d-4c1e-9a75-3b1e0c2d4f5a',
  ],
  ['x'.repeat(300), 'too_long', 'too_long'],
])('%j as a cookie: %s, as a user id: %s', (id, cookieOutcome, userOutcome) => {
  expect([outcome(cookie(id)), outcome(user(id))]).toEqual([cookieOutcome, userOutcome])
})

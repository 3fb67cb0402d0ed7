// E-mails: one normal form a mailbox, junk and role mailboxes told apart.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { extractionOf, sha256 } from '../../../test/extraction.ts'
import { emailOf, normalEmail } from './email.ts'

test.each<[text: string, normal: string | null]>([
  ['ana@example.com', 'ana@example.com'],
  ['  Ana@Example.COM ', 'ana@example.com'],
  ['ana.lima+news@gmail.com', 'analima@gmail.com'],
  ['Ana.Lima@GoogleMail.com', 'analima@gmail.com'],
  ['ana.lima+news@example.com', 'ana.lima+news@example.com'],
  ['ana@mail.example.co.uk', 'ana@mail.example.co.uk'],
  ['ana@MÜNCHEN.de', 'ana@xn--mnchen-3ya.de'],
  ['ana@xn--mnchen-3ya.de', 'ana@xn--mnchen-3ya.de'],
  ['ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ana@example.com'],
  ['josé@example.com', 'josé@example.com'],
  ['jose\u0301@example.com', 'josé@example.com'],
  ["o'brien_x-y=z&co~1@example.com", "o'brien_x-y=z&co~1@example.com"],
  ['+@gmail.com', null],
  ['...@gmail.com', null],
  ['ana', null],
  ['@example.com', null],
  ['ana@', null],
  ['ana@localhost', null],
  ['ana@example.c', null],
  ['ana@-example.com', null],
  ['ana@example..com', null],
  ['ana@example.com.', null],
  ['ana@127.0.0.1', null],
  ['ana@b@example.com', null],
  ['ana lima@example.com', null],
  ['Ana <ana@example.com>', null],
  ['"ana"@example.com', null],
  ['mailto:ana@example.com', null],
  [`${'a'.repeat(65)}@example.com`, null],
  [`a@${'b'.repeat(64)}.com`, null],
  [`ana@${'abcdefgh.'.repeat(40)}com`, null],
  ['', null],
])('%j is %j', (text, normal) => {
  expect(normalEmail(text)).toBe(normal)
})

test('the normal form of a normal form is itself', () => {
  const text = fc.oneof(
    fc.emailAddress(),
    fc.string({ unit: 'grapheme' }).map((s) => `${s}@b.co`),
  )
  fc.assert(
    fc.property(text, (address) => {
      const normal = normalEmail(address)
      expect(normalEmail(normal ?? '')).toBe(normal)
      expect(normalEmail(` ${address}\n`)).toBe(normal)
    }),
  )
})

const extraction = extractionOf({
  junk: { add: ['nope@example.com'], allow: ['test@test.com'] },
  roleMailboxes: { add: ['praxis'], allow: ['it'] },
})

const outcome = (raw: string): string => {
  const contact = emailOf(extraction, extraction.open, raw)
  if (contact.identifier === undefined) return contact.reason
  return contact.several ? 'several' : 'one'
}

test.each([
  ['ana@example.com', 'one'],
  ['smith@smith.com', 'one'],
  ['na@acme.com', 'one'],
  ['test@test.com', 'several'],
  ['nope@example.com', 'junk'],
  ['Nope@Example.com', 'junk'],
  ['test@example.com', 'junk'],
  ['example@example.com', 'junk'],
  ['asdf@asdf.de', 'junk'],
  ['foo@bar.com', 'junk'],
  ['a@a.com', 'junk'],
  ['aaa@aaa.com', 'junk'],
  ['123@123.com', 'junk'],
  ['123@acme.com', 'one'],
  ['noemail@shop.com', 'junk'],
  ['no.email@gmail.com', 'junk'],
  ['null@null.com', 'junk'],
  ['anonymous@shop.com', 'junk'],
  ['null', 'junk'],
  ['"undefined"', 'junk'],
  ['{{email}}', 'junk'],
  ['[object Object]', 'junk'],
  ['redacted', 'junk'],
  ['n/a', 'junk'],
  ['ana', 'malformed'],
  ['info@example.com', 'several'],
  ['Sales+Berlin@example.com', 'several'],
  ['no-reply@example.com', 'several'],
  ['test@gmail.com', 'several'],
  ['praxis@example.com', 'several'],
  ['it@example.com', 'one'],
])('%j: %s', (raw, expected) => {
  expect(outcome(raw)).toBe(expected)
})

test('only the digest of the normal form is kept, and a mark stands for it', () => {
  const value = sha256('ana@example.com')
  for (const raw of ['Ana@example.com', `sha256:${value}`, `SHA256:${value.toUpperCase()} `]) {
    expect(emailOf(extraction, extraction.open, raw)).toMatchObject({
      identifier: { type: 'email', namespace: '', value },
      several: false,
    })
  }
  expect(emailOf(extraction, extraction.open, `sha256:${value};role`).identifier?.value).toBe(value)
  expect(outcome(`sha256:${value};role`)).toBe('several')
  expect(outcome(`sha256:${value};phone`)).toBe('malformed')
  expect(outcome(value)).toBe('malformed')
})

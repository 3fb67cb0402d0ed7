// The e-mail or phone that an id is: many sites number nobody and take the address as the user's id.

import { readMark, writeMark } from './contact-mark.ts'
import { emailOf } from './email.ts'
import type { Extraction, Scope } from './extraction.ts'
import { hideContacts, unquoted } from './id-text.ts'
import type { Contact } from './made.ts'
import { phoneOf } from './phone.ts'

/** The contact that a whole id stands for, plain or as a mark; null for an id of any other kind. */
export function contactInId(extraction: Extraction, scope: Scope, raw: string): Contact | null {
  const mark = readMark(hideContacts(extraction, unquoted(raw)))
  if (mark === null) return null
  const text = writeMark(mark)
  return mark.kind === 'phone' ? phoneOf(extraction, scope, text) : emailOf(extraction, scope, text)
}

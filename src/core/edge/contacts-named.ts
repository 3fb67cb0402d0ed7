// Which e-mails and phones of a message its act names, and which merely describe the person it is about.
// Invariant: what a page or a friend's invitation carries along never names the sender.

import { fieldsAt, NO_FIELDS, type Event, type Fields } from '../event/event.ts'
import { emailOf } from '../identifier/email.ts'
import type { Extraction, Scope } from '../identifier/extraction.ts'
import { refuse, type Contact } from '../identifier/made.ts'
import { phoneOf } from '../identifier/phone.ts'
import { addContact, addMade, NONE, type Draft } from './draft.ts'

export interface NamedContact {
  /** Index in the draft. */
  readonly index: number
  /** Several people read it. */
  readonly several: boolean
}

export interface ContactsNamed {
  /** Of the first place of the act that holds a value: properties, then traits, then `context.traits`. */
  readonly act: readonly NamedContact[]
  /** Of the traits: they belong to the person of the `userId`. Empty for an `identify`, whose act they are. */
  readonly described: readonly NamedContact[]
}

const NO_CONTACTS: ContactsNamed = { act: [], described: [] }

/** Where a message says something of its sender, the most telling first. */
export interface Places {
  /** Empty unless the event names its sender. */
  readonly properties: Fields
  /** Empty for a `group`, whose traits are the group's. */
  readonly traits: Fields
  readonly contextTraits: Fields
}

export function placesOf(event: Event, isAct: boolean): Places {
  return {
    properties: isAct && event.type === 'track' ? event.properties : NO_FIELDS,
    traits: event.type === 'group' ? NO_FIELDS : event.traits,
    contextTraits: fieldsAt(event.context, 'traits'),
  }
}

/** Adds the e-mails or the phones of a message to the draft and tells what they stand for. */
export function contactsNamed(
  draft: Draft,
  extraction: Extraction,
  scope: Scope,
  places: Places,
  type: 'email' | 'phone',
): ContactsNamed {
  const { properties, traits, contextTraits } = places
  if (properties === NO_FIELDS && traits === NO_FIELDS && contextTraits === NO_FIELDS) {
    return NO_CONTACTS
  }
  const submitted = contactsIn(draft, extraction, scope, properties, type)
  const own = contactsIn(draft, extraction, scope, traits, type)
  const carried = contactsIn(draft, extraction, scope, contextTraits, type)
  const described = own.length > 0 ? own : carried
  return { act: submitted.length > 0 ? submitted : described, described }
}

const NOTHING: readonly NamedContact[] = []

function contactsIn(
  draft: Draft,
  extraction: Extraction,
  scope: Scope,
  fields: Fields,
  type: 'email' | 'phone',
): readonly NamedContact[] {
  if (fields === NO_FIELDS) return NOTHING
  let found: NamedContact[] | undefined
  for (const name of extraction.settings.contactFields[type]) {
    const value = fields[name]
    if (value === undefined || value === null || value === '' || !Object.hasOwn(fields, name)) {
      continue
    }
    const contact = contactOf(extraction, scope, value, type)
    const index =
      contact === null ? addMade(draft, refuse(type, 'wrong_type')) : addContact(draft, contact)
    if (index === NONE || contact?.identifier === undefined) continue
    found ??= []
    found.push({ index, several: contact.several })
  }
  return found ?? NOTHING
}

function contactOf(
  extraction: Extraction,
  scope: Scope,
  value: unknown,
  type: 'email' | 'phone',
): Contact | null {
  if (type === 'email') return typeof value === 'string' ? emailOf(extraction, scope, value) : null
  const isNumber = typeof value === 'number' && Number.isSafeInteger(value)
  if (!isNumber && typeof value !== 'string') return null
  return phoneOf(extraction, scope, String(value))
}

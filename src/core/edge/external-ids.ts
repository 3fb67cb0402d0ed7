// `context.externalIds[]`: ids that other systems gave the person, tied to the cookie and to the `userId` beside them.

import { isFields, type Event, type Fields } from '../event/event.ts'
import { emailOf } from '../identifier/email.ts'
import { externalIdOf, userIdOf } from '../identifier/external-id.ts'
import type { Extraction, SiteRule } from '../identifier/extraction.ts'
import { refuse, type Contact, type Made } from '../identifier/made.ts'
import { phoneOf } from '../identifier/phone.ts'
import { foldName } from '../policy/defaults.ts'
import { addContact, addMade, NONE, type Draft } from './draft.ts'

/** Every pair of ids in an act is an edge, so their number is bounded. */
const EXTERNAL_IDS_MAX = 20

/** Adds the external ids of a message to the draft and gives their indices, those that name nobody left out. */
export function addExternalIds(
  draft: Draft,
  extraction: Extraction,
  site: SiteRule,
  event: Event,
): readonly number[] {
  const entries = event.context['externalIds']
  if (!Array.isArray(entries)) return []
  const found: number[] = []
  for (const [i, entry] of entries.entries()) {
    if (i === EXTERNAL_IDS_MAX) {
      addMade(draft, refuse('external_id', 'too_many'))
      break
    }
    if (!isFields(entry) || !isOfUsers(entry)) continue
    const index = addEntry(draft, extraction, site, entry)
    if (index !== NONE) found.push(index)
  }
  return found
}

/** Ids of accounts and other objects say nothing of a person. */
function isOfUsers(entry: Fields): boolean {
  const collection = entry['collection']
  return (
    collection === undefined || collection === null || collection === '' || collection === 'users'
  )
}

function addEntry(draft: Draft, extraction: Extraction, site: SiteRule, entry: Fields): number {
  const { id, type } = entry
  if (id === undefined || id === null || id === '') return NONE
  const isNumber = typeof id === 'number' && Number.isSafeInteger(id)
  if (typeof type !== 'string' || (typeof id !== 'string' && !isNumber)) {
    return addMade(draft, refuse('external_id', 'wrong_type'))
  }
  const made = madeOf(extraction, site, type, String(id))
  if (made === null) return NONE
  if (!('several' in made)) return addMade(draft, made)
  const index = addContact(draft, made)
  return made.several ? NONE : index
}

/** What an entry is: some systems list the ids here that have types of their own. */
function madeOf(
  extraction: Extraction,
  site: SiteRule,
  type: string,
  id: string,
): Made | Contact | null {
  switch (foldName(type)) {
    case 'email':
      return emailOf(extraction, site.scope, id)
    case 'phone':
      return phoneOf(extraction, site.scope, id)
    case 'user':
    case 'user id':
    case 'userid':
      return userIdOf(extraction, site, id)
    case 'anonymous id':
    case 'anonymousid':
      return null
    default:
      return externalIdOf(extraction, site.scope, type, id)
  }
}

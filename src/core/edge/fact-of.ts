// An event to its fact: which identifiers it names, and which edges its act makes between them.
// Invariant: depends on the event and the settings only; an act alone names its sender (docs/identifiers.md).

import type { Event } from '../event/event.ts'
import { cookieOf } from '../identifier/cookie.ts'
import { declaredIn } from '../identifier/declared.ts'
import { signatureOf } from '../identifier/device-signature.ts'
import { userIdOf } from '../identifier/external-id.ts'
import { actOfEvent, siteRule, type Extraction, type SiteRule } from '../identifier/extraction.ts'
import { MARK_START } from '../identifier/contact-mark.ts'
import { contactInId } from '../identifier/contact-in-id.ts'
import { ipOf } from '../identifier/ip.ts'
import { isRefused, refuse, type Refused } from '../identifier/made.ts'
import type { ActKind } from '../policy/defaults.ts'
import { NO_CLUES, type Clues } from './clue.ts'
import { cluesOf } from './clues-of.ts'
import { contactsNamed, placesOf, type ContactsNamed, type NamedContact } from './contacts-named.ts'
import { addContact, addEdge, addMade, addSameMessage, NONE, type Draft } from './draft.ts'
import { addExternalIds } from './external-ids.ts'
import type { Fact } from './fact.ts'

export interface Extracted {
  readonly fact: Fact
  /** What was sent as an identifier and is none, each kind of refusal once. */
  readonly refused: readonly Refused[]
}

/** What is known of a message while its edges are made. Indices into the draft, or `NONE`. */
interface Naming {
  readonly draft: Draft
  readonly extraction: Extraction
  readonly site: SiteRule
  readonly event: Event
  readonly cookie: number
  readonly user: number
  /** The kind of act that names the sender; null for a message that merely carries ids along. */
  readonly act: ActKind | null
  /** Ids that the act names together. */
  readonly together: number[]
}

/** The fact of an event under the settings of the extraction, and what was refused on the way. */
export function factOf(event: Event, extraction: Extraction): Extracted {
  const draft: Draft = { identifiers: [], edges: [], refused: [] }
  const site = siteRule(extraction, event.site)
  const { anonymousId, userId } = event
  const cookie =
    anonymousId === null ? NONE : addMade(draft, cookieOf(extraction, site.scope, anonymousId))
  const user = userId === null ? NONE : addMade(draft, userIdOf(extraction, site, userId))
  const act = actOf(event, extraction)
  const naming: Naming = { draft, extraction, site, event, cookie, user, act, together: [] }

  const own = linkUser(naming)
  if (event.type === 'alias') linkPrevious(naming)
  const places = placesOf(event, act !== null)
  const emails = contactsNamed(draft, extraction, site.scope, places, 'email')
  linkContacts(naming, emails, act, own.email)
  const phones = contactsNamed(draft, extraction, site.scope, places, 'phone')
  // A number is typed, it does not open a session: whatever the act, it was submitted.
  linkContacts(naming, phones, act === null ? null : 'form_submit', own.phone)
  linkExternalIds(naming)
  linkDeclared(naming)
  if (act !== null) linkTogether(naming)
  if (cookie !== NONE) linkWitnesses(naming)
  if (event.unusable.length > 0) noteUnusable(naming)
  const clues = cookie !== NONE && isOfOneCookie(draft) ? cluesOf(event, extraction) : NO_CLUES
  return { fact: newFact(event, extraction, draft, clues), refused: draft.refused }
}

function newFact(event: Event, extraction: Extraction, draft: Draft, clues: Clues): Fact {
  return {
    id: event.id,
    account: extraction.settings.account,
    site: event.site,
    type: event.type,
    name: event.name,
    at: event.at,
    receivedAt: event.receivedAt,
    identifiers: draft.identifiers,
    edges: draft.edges,
    clues,
  }
}

function actOf(event: Event, extraction: Extraction): ActKind | null {
  if (event.type === 'identify') return 'login'
  return event.type === 'track' ? actOfEvent(extraction, event.name) : null
}

/** The e-mail and phone that the `userId` itself is: indices, or `NONE`. */
interface Own {
  readonly email: number
  readonly phone: number
}

const NOTHING_OWN: Own = { email: NONE, phone: NONE }

/** A `userId` beside an `anonymousId` is a login; one that is an e-mail or phone names that as well. */
function linkUser({ draft, extraction, site, event, cookie, user }: Naming): Own {
  addEdge(draft, cookie, user, 'login')
  const id = draft.identifiers[user]
  if (id?.value.startsWith(MARK_START) !== true || event.userId === null) return NOTHING_OWN
  const contact = contactInId(extraction, site.scope, event.userId)
  if (contact?.identifier === undefined) return NOTHING_OWN
  const index = addContact(draft, contact)
  const isPhone = contact.identifier.type === 'phone'
  addEdge(draft, cookie, index, isPhone ? 'form_submit' : 'login')
  if (!contact.several) addSameMessage(draft, user, index)
  return isPhone ? { email: NONE, phone: index } : { email: index, phone: NONE }
}

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** `alias`: the previous id is the visitor's if it is the cookie's or looks like one, else another user id. */
function linkPrevious({ draft, extraction, site, event, cookie, user }: Naming): void {
  const { previousId, anonymousId, userId } = event
  if (previousId === null) return
  const asCookie = cookieOf(extraction, site.scope, previousId)
  const isCookie =
    previousId === anonymousId ||
    (!isRefused(asCookie) && draft.identifiers[cookie]?.key === asCookie.key) ||
    (UUID.test(previousId) && userId !== null && !UUID.test(userId))
  const made = isCookie ? asCookie : userIdOf(extraction, site, previousId)
  addEdge(draft, addMade(draft, made), user, 'alias')
}

/** `kind`: of the edge from the cookie to what the act names. `own`: the contact that the `userId` is. */
function linkContacts(
  naming: Naming,
  contacts: ContactsNamed,
  kind: ActKind | null,
  own: number,
): void {
  const { draft, cookie, user, together } = naming
  const { act, described } = contacts
  if (kind !== null) {
    for (const { index, several } of act) {
      // Whoever logs in with a role's mailbox has it; whoever types it into a form or an order may not.
      if (!several || kind === 'login') addEdge(draft, cookie, index, kind)
      if (!several && !isContested(described, own, index)) together.push(index)
    }
  }
  for (const { index, several } of described) {
    if (!several) addSameMessage(draft, user, index)
  }
}

/** The traits, or the `userId` itself, name another one: that is the user's, and this one was only used here. */
function isContested(described: readonly NamedContact[], own: number, index: number): boolean {
  if (described.length > 0) return described.every((other) => other.index !== index)
  return own !== NONE && own !== index
}

function linkExternalIds({ draft, extraction, site, event, cookie, user, together }: Naming): void {
  for (const index of addExternalIds(draft, extraction, site, event)) {
    addEdge(draft, cookie, index, 'external_link')
    addSameMessage(draft, user, index)
    together.push(index)
  }
}

function linkDeclared(naming: Naming): void {
  const { draft, extraction, site, event, cookie, user, together } = naming
  for (const type of extraction.declaredTypes) {
    const isWitness = type.role === 'witness'
    if (isWitness && cookie === NONE) continue
    for (const made of declaredIn(extraction, site.scope, type, event, naming.act !== null)) {
      const index = addMade(draft, made)
      addEdge(draft, cookie, index, isWitness ? 'same_session' : type.edge)
      if (isWitness || index === NONE) continue
      addSameMessage(draft, user, index)
      together.push(index)
    }
  }
}

function linkTogether({ draft, user, together }: Naming): void {
  const all = user === NONE ? together : [user, ...together]
  for (let i = 1; i < all.length; i++) {
    for (let j = 0; j < i; j++) addSameMessage(draft, all[j] ?? NONE, all[i] ?? NONE)
  }
}

/** Without a cookie there is nothing they could testify for. */
function linkWitnesses({ draft, extraction, site, event, cookie }: Naming): void {
  const signature = signatureOf(extraction, site.scope, event.context)
  if (signature !== null) addEdge(draft, cookie, addMade(draft, signature), 'same_session')
  const ip = event.context['ip']
  if (typeof ip === 'string' && ip !== '') {
    addEdge(draft, cookie, addMade(draft, ipOf(extraction, site.scope, ip)), 'ip_match')
  }
}

function noteUnusable({ draft, event }: Naming): void {
  for (const { field, reason } of event.unusable) {
    addMade(draft, refuse(field === 'anonymousId' ? 'cookie' : 'external_id', reason))
  }
}

/** An `alias` may name two: they are one browser's, or this one's and somebody's from long ago. */
function isOfOneCookie({ identifiers }: Draft): boolean {
  let cookies = 0
  for (const { type } of identifiers) if (type === 'cookie') cookies++
  return cookies === 1
}

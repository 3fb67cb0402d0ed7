// The acts by which people say who they are: signing in and up, forms, orders, invitations.
// Every name that is sent is noted, so that the truth knows all that occurred and nothing else.

import {
  ALIAS,
  canonicalMail,
  crmIdOf,
  firstNameOf,
  holderOf,
  lastNameOf,
  mailAt,
  mailOf,
  phoneInUse,
  phoneOf,
  saysWho,
  typedMail,
  typedPhone,
  userIdOf,
} from './identity.ts'
import type { Fields, Sender } from './message.ts'
import { crmLink, productFields } from './message.ts'
import type { Spot } from './network.ts'
import { hasOccurred, note, noteShared } from './occurrence.ts'
import { DELIVERY, HARD, IDENTITY, VISITS } from './parameters.ts'
import type { World } from './population.ts'
import { householdHas, householdSpan, occupationOf, officeOf, placeOf } from './population.ts'
import { TAG, unit } from './random.ts'
import type { Run } from './run.ts'
import { act, post, postFromServer } from './run.ts'
import { CAMPAIGNS, FORMS, JUNK_MAILS, JUNK_PHONES, PRODUCTS, STREETS } from './vocabulary.ts'

type Occasion = 'account' | 'form' | 'checkout'
const DAY_MS = 86_400_000

/** Whether a person has or will have an account on a site, and ever uses it. */
export function isMember(world: World, person: number, site: number, atHome: boolean): boolean {
  if (!saysWho(world, person)) return false
  if (unit(world.root, TAG.habit, person) < IDENTITY.neverShare) return false
  const share = atHome ? IDENTITY.memberHomeShare : IDENTITY.memberElsewhereShare
  return unit(world.root, TAG.member, person, site) < share
}

/** The address of a person's account on a site: always the same one. */
export function accountMail(run: Run, person: number, site: number): string {
  const { world } = run
  const holder = holderOf(world, person)
  const alias =
    holder === person
      ? mailAt(world, person, 'account', unit(world.root, TAG.mailbox, person, 2 + site))
      : ALIAS.privateMail
  note(run.occurrences, person, alias)
  return mailOf(world, person, alias)
}

/** An address as a person types it on an occasion; in a hard world not always theirs. */
function typeMail(run: Run, person: number, occasion: Occasion, spot: Spot): string {
  const { world, dice, occurrences } = run
  const alias = mailAt(world, person, occasion, dice.unit())
  if (world.hard) {
    if (dice.chance(HARD.junkMailShare)) return dice.pick(JUNK_MAILS)
    const atDesk = spot === 'work' && occupationOf(world, person) === 'employed'
    if (occasion === 'form' && atDesk && dice.chance(HARD.roleMailShare)) {
      const mail = `info@office${officeOf(world, person)}.example.com`
      noteShared(occurrences, `email:${mail}`, person)
      return mail
    }
    if (dice.chance(HARD.typoShare)) return mistypedMail(run, person)
  }
  note(occurrences, person, alias)
  return typedMail(mailOf(world, person, alias), dice)
}

/** A slip of the finger: mostly nobody's address, rarely somebody else's. */
function mistypedMail(run: Run, person: number): string {
  const { world, dice, occurrences } = run
  if (!dice.chance(HARD.typoHitsShare)) {
    note(occurrences, person, ALIAS.typoMail)
    return mailOf(world, person, ALIAS.typoMail)
  }
  const other = dice.below(world.people)
  // the address stays its owner's: whoever typed it by mistake is not another owner
  note(occurrences, other, ALIAS.privateMail)
  return mailOf(world, other, ALIAS.privateMail)
}

/** A phone number as typed; in a hard world a landline's, a recycled one's or junk. */
export function typePhone(run: Run, person: number): string {
  const { world, dice, occurrences } = run
  let alias = phoneInUse(world, person, Math.floor((run.now - world.startAt) / DAY_MS))
  if (world.hard) {
    if (dice.chance(HARD.junkPhoneShare)) return dice.pick(JUNK_PHONES)
    const landline = householdHas(world, person, TAG.landline, HARD.landlineShare)
    if (landline && dice.chance(HARD.landlineTypedShare)) alias = ALIAS.landline
  }
  note(occurrences, person, alias)
  return typedPhone(phoneOf(world, person, alias), dice)
}

/** Signs in, or up where there is no account yet; from then on messages carry the user id. */
export function signIn(run: Run, sender: Sender): void {
  const { world, dice, occurrences } = run
  const { person, site } = sender
  const before = unit(world.root, TAG.member, person, 8 + site.index) < IDENTITY.accountBeforeShare
  const bit = ALIAS.user + site.index
  const known = before || hasOccurred(occurrences, person, bit)
  const userId = userIdOf(world, person, site.index)
  const mail = accountMail(run, person, site.index)
  note(occurrences, person, bit)
  if (!known && site.aliases && userId !== null) postAlias(run, sender, userId)
  sender.account = person
  sender.userId = userId
  const event = act(run, sender, 'track')
  event.event = known ? 'Signed In' : 'Signed Up'
  event.properties = known ? { method: 'password' } : { method: 'password', email: mail }
  post(run, sender, event)
  identify(run, sender)
  if (!known) tellServers(run, sender, mail)
  if (occupationOf(world, person) === 'employed' && dice.chance(VISITS.groupShare)) {
    const group = act(run, sender, 'group')
    group.groupId = `company_${officeOf(world, person)}`
    group.traits = { name: `Office ${officeOf(world, person)}`, plan: 'business' }
    post(run, sender, group)
  }
}

/** `identify` with the traits of the account. */
export function identify(run: Run, sender: Sender): void {
  const { account, site } = sender
  const message = act(run, sender, 'identify')
  message.traits = { ...accountTraits(run, account), email: accountMail(run, account, site.index) }
  post(run, sender, message)
}

function accountTraits(run: Run, person: number): Fields {
  const { world } = run
  const place = placeOf(world, person)
  const name = { firstName: firstNameOf(world, person), lastName: lastNameOf(world, person) }
  const traits = {
    ...name,
    address: { country: place.country },
    createdAt: '2025-11-03T10:00:00.000Z',
  }
  const withPhone = unit(world.root, TAG.phoneKnown, person) < IDENTITY.accountPhoneShare
  return withPhone ? { ...traits, phone: typePhone(run, person) } : traits
}

function postAlias(run: Run, sender: Sender, userId: string): void {
  const { world, dice, occurrences } = run
  const alias = act(run, sender, 'alias')
  alias.userId = userId
  alias.previousId = sender.anonymousId
  if (world.hard && dice.chance(HARD.aliasMisuseShare)) {
    const stranger = dice.below(world.people)
    alias.previousId = userIdOf(world, stranger, sender.site.index) ?? sender.anonymousId
    note(occurrences, stranger, ALIAS.user + sender.site.index)
  }
  post(run, sender, alias)
}

/** What a new account sets off: the site's server says who it is, later the CRM names it back. */
function tellServers(run: Run, sender: Sender, mail: string): void {
  const { world, dice, occurrences } = run
  const { person, site, anonymousId, userId } = sender
  const who = userId === null ? { anonymousId } : { userId }
  const traits = { email: mail, ...accountTraits(run, person), street: dice.pick(STREETS) }
  const call = { site, person, type: 'identify', crmId: null, afterMs: DELIVERY.serverMs } as const
  postFromServer(run, call, { ...who, traits })
  if (!dice.chance(IDENTITY.crmSyncShare)) return
  note(occurrences, person, ALIAS.crm)
  const sync = { ...call, crmId: crmIdOf(world, person), afterMs: dice.wait(DELIVERY.crmSyncMs) }
  postFromServer(run, sync, { ...who, traits: { email: mail, segment: dice.pick(CAMPAIGNS) } })
}

/** Fills in a form: webinar, newsletter, contact. */
export function submitForm(run: Run, sender: Sender, spot: Spot): void {
  const { dice } = run
  const mail = typeMail(run, sender.person, 'form', spot)
  const form = dice.pick(FORMS)
  const phone = dice.chance(IDENTITY.formPhoneShare) ? typePhone(run, sender.person) : undefined
  const event = act(run, sender, 'track')
  event.event = 'Form Submitted'
  event.properties = {
    form_id: `form-${form}`,
    form_name: form,
    email: mail,
    ...(phone === undefined ? {} : { phone }),
  }
  post(run, sender, event)
}

/** Buys something; a guest says at the checkout who they are. */
export function order(run: Run, sender: Sender, spot: Spot, known: boolean): void {
  const { dice } = run
  const { person, site } = sender
  const product = dice.pick(PRODUCTS)
  const quantity = 1 + dice.below(VISITS.orderPiecesMax)
  const id = `${site.name}-${dice.word().toString(36)}`
  const started = act(run, sender, 'track')
  started.event = 'Checkout Started'
  started.properties = { order_id: id, value: product.price * quantity, currency: site.currency }
  post(run, sender, started)
  const mail = known
    ? accountMail(run, sender.account, site.index)
    : typeMail(run, person, 'checkout', spot)
  const completed = act(run, sender, 'track')
  completed.event = 'Order Completed'
  completed.properties = {
    order_id: id,
    total: product.price * quantity,
    currency: site.currency,
    email: mail,
    ...(!known && dice.chance(IDENTITY.checkoutPhoneShare)
      ? { phone: typePhone(run, person) }
      : {}),
    products: [productFields(product, site, quantity)],
  }
  post(run, sender, completed)
  const { userId } = sender
  if (!known || userId === null) return
  const afterMs = dice.wait(DELIVERY.shippingMs)
  const properties = { order_id: id, carrier: 'Parcel', total: product.price * quantity }
  const call = { site, person, type: 'track', crmId: null, afterMs } as const
  postFromServer(run, call, { userId, event: 'Order Shipped', properties })
}

/** Invites a housemate or neighbour: an address that is not the sender's. */
export function invite(run: Run, sender: Sender): void {
  const { world, dice } = run
  const [start, end] = householdSpan(world, sender.person)
  const next =
    sender.person + 1 < end ? sender.person + 1 : start > 0 ? start - 1 : end % world.people
  const event = act(run, sender, 'track')
  event.event = 'Invite Sent'
  const friend = canonicalMail(mailOf(world, next, ALIAS.privateMail))
  event.properties = { channel: 'mail', email: friend, campaign: dice.pick(CAMPAIGNS) }
  post(run, sender, event)
}

/** The id a CRM's mail carries in its links, if the CRM knows this person. */
export function followMailLink(run: Run, sender: Sender): void {
  const { world, occurrences, dice } = run
  const { person } = sender
  const known = [ALIAS.privateMail, ALIAS.workMail, ALIAS.secondMail, ALIAS.crm].some((alias) =>
    hasOccurred(occurrences, person, alias),
  )
  if (!known || !dice.chance(IDENTITY.crmLinkShare)) return
  note(occurrences, person, ALIAS.crm)
  sender.extra = crmLink(crmIdOf(world, person))
}

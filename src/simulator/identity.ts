// What people call themselves: addresses, numbers, user ids, CRM ids, and how they type them.
// A value belongs to one person by construction, unless a hard world shares it on purpose.

import { HARD, IDENTITY } from './parameters.ts'
import type { World } from './population.ts'
import {
  cell,
  householdHas,
  householdSpan,
  livesAlone,
  occupationOf,
  officeOf,
  placeOf,
} from './population.ts'
import type { Dice } from './random.ts'
import { at, cumulate, hash, TAG, unit } from './random.ts'
import { AREA_CODES, FIRST_NAMES, LAST_NAMES, SITE_LIST } from './vocabulary.ts'

/** The names a person can go by; the number is the bit that says it has occurred. */
export const ALIAS = {
  privateMail: 0,
  workMail: 1,
  secondMail: 2,
  typoMail: 3,
  phone: 4,
  newPhone: 5,
  takenPhone: 6,
  landline: 7,
  crm: 8,
  /** + the site's index. */
  user: 9,
} as const

const PHONE_SPAN = 1_000_000
const FOREIGN = { GB: '+4474', DE: '+491512', FR: '+3360', NL: '+3161' } as const
const FORM_MAIL = cumulate(IDENTITY.formMailWeights)
const ACCOUNT_MAIL = cumulate(IDENTITY.accountMailWeights)
const CHECKOUT_MAIL = cumulate(IDENTITY.checkoutMailWeights)

/** Whether a person ever says who they are, in whatever way: false for some by the world's trouble. */
export function saysWho(world: World, person: number): boolean {
  if (world.trouble === 'no-logins') return false
  return world.trouble !== 'lone-logins' || livesAlone(world, person)
}

/** Whom an address and account belong to: in a hard world a couple may go by one. */
export function holderOf(world: World, person: number): number {
  if (!world.hard) return person
  const [start] = householdSpan(world, person)
  const shared =
    person === start + 1 && householdHas(world, person, TAG.sharedMail, HARD.sharedMailShare)
  return shared ? start : person
}

export function firstNameOf(world: World, person: number): string {
  return at(FIRST_NAMES, hash(world.root, TAG.firstName, person) % FIRST_NAMES.length)
}

export function lastNameOf(world: World, person: number): string {
  const household = cell(world.householdOf, person)
  return at(LAST_NAMES, hash(world.root, TAG.lastName, household) % LAST_NAMES.length)
}

/** An e-mail address as its owner would write it carefully; the number makes it theirs alone. */
export function mailOf(world: World, person: number, alias: number): string {
  const owner = alias === ALIAS.privateMail ? holderOf(world, person) : person
  const first = firstNameOf(world, owner)
  const last = lastNameOf(world, owner)
  if (alias === ALIAS.workMail) {
    return `${first}.${last}.${owner}@office${officeOf(world, owner)}.example.com`
  }
  if (alias === ALIAS.secondMail) return `${last}.${first}${owner}@post.example.net`
  if (alias === ALIAS.typoMail) return `${first}${last.slice(-1)}.${last}${owner}@example.org`
  if (unit(world.root, TAG.mailProvider, owner) < IDENTITY.gmailShare) {
    return `${first}.${last.slice(0, 1)}.${owner}@gmail.com`
  }
  return `${first}.${last}${owner}@example.${at(TLDS, hash(world.root, TAG.mailbox, owner) % 3)}`
}
const TLDS = ['com', 'org', 'net'] as const

/** The address as matching compares it: lower case, Gmail's without dots and tag. */
export function canonicalMail(mail: string): string {
  const [local = '', domain = ''] = mail.trim().toLowerCase().split('@')
  if (domain !== 'gmail.com') return `${local}@${domain}`
  return `${(local.split('+')[0] ?? '').replaceAll('.', '')}@${domain}`
}

/** The user id on a site, or null where the site has none. */
export function userIdOf(world: World, person: number, site: number): string | null {
  const prefix = at(SITE_LIST, site).userPrefix
  return prefix === null ? null : `${prefix}${100_000 + holderOf(world, person)}`
}

export function crmIdOf(world: World, person: number): string {
  return `c${2_000_000 + holderOf(world, person)}`
}

/** A phone number in E.164; US ones have the exchange 555, which no subscriber has. */
export function phoneOf(world: World, person: number, alias: number): string {
  if (alias === ALIAS.takenPhone) {
    return phoneOf(world, giverOf(world, person), ALIAS.phone)
  }
  const number =
    alias === ALIAS.landline
      ? 2 * PHONE_SPAN + cell(world.householdOf, person)
      : alias === ALIAS.newPhone
        ? PHONE_SPAN + person
        : person
  const { country } = placeOf(world, person)
  if (country !== 'US')
    return FOREIGN[country] + String(number).padStart(country === 'GB' ? 8 : 7, '0')
  const area = at(AREA_CODES, number % 300)
  return `+1${area}555${String(Math.floor(number / 300)).padStart(4, '0')}`
}

/** Which of a person's numbers is in use on a day: numbers are given up and handed on (hard only). */
export function phoneInUse(world: World, person: number, day: number): number {
  if (!world.hard) return ALIAS.phone
  const cut = abandonDay(world, person)
  if (cut >= 0) return day < cut ? ALIAS.phone : ALIAS.newPhone
  const giver = giverOf(world, person)
  const free = giver === person ? -1 : abandonDay(world, giver)
  return free >= 0 && day >= free + HARD.phoneAgeingDays ? ALIAS.takenPhone : ALIAS.phone
}

/** The day from which a person's first number is no longer theirs, or -1. */
function abandonDay(world: World, person: number): number {
  if (unit(world.root, TAG.abandonsPhone, person) >= HARD.phoneAbandonedShare) return -1
  const part = unit(world.root, TAG.abandonsPhone, person, 1) * HARD.phoneAbandonedPart
  return Math.floor(world.days * part)
}

/** Whose number a person gets if it falls free: a permutation, so that nobody's goes to two. */
function giverOf(world: World, person: number): number {
  const shift = hash(world.root, TAG.takesPhone, 0) % world.people
  return (person + shift) % world.people
}

/** The kind of address typed at an occasion, of those the person has. */
export function mailAt(
  world: World,
  person: number,
  occasion: 'account' | 'form' | 'checkout',
  u: number,
): number {
  const shares =
    occasion === 'account' ? ACCOUNT_MAIL : occasion === 'form' ? FORM_MAIL : CHECKOUT_MAIL
  if (u < at(shares, 0)) return ALIAS.privateMail
  const work = u < at(shares, 1)
  if (work && occupationOf(world, person) === 'employed') return ALIAS.workMail
  const second = !work && unit(world.root, TAG.mailbox, person, 1) < IDENTITY.secondMailShare
  return second ? ALIAS.secondMail : ALIAS.privateMail
}

/** An address as typed in a hurry: capitals, and at Gmail other dots or a tag. */
export function typedMail(mail: string, dice: Dice): string {
  const u = dice.unit()
  const gmail = mail.endsWith('@gmail.com')
  if (gmail && u < IDENTITY.gmailVariantShare) {
    const [local = '', domain = ''] = mail.split('@')
    return dice.chance(IDENTITY.gmailTagShare)
      ? `${local}+shop@${domain}`
      : `${local.replace('.', '')}@${domain}`
  }
  if (u > 1 - IDENTITY.mailCapitalsShare) {
    return dice.chance(IDENTITY.mailUpperShare)
      ? mail.toUpperCase()
      : mail.slice(0, 1).toUpperCase() + mail.slice(1)
  }
  return mail
}

/** A number as typed: E.164, spaced, or as people write it at home. */
export function typedPhone(phone: string, dice: Dice): string {
  const national = phone.startsWith('+1') && dice.chance(IDENTITY.phoneNationalShare)
  if (national) {
    const [area, exchange, line] = [phone.slice(2, 5), phone.slice(5, 8), phone.slice(8)]
    return dice.chance(IDENTITY.phoneBracketShare)
      ? `(${area}) ${exchange}-${line}`
      : `${area}-${exchange}-${line}`
  }
  if (!dice.chance(IDENTITY.phoneSpacedShare)) return phone
  const head = phone.startsWith('+1') ? 2 : 3
  return `${phone.slice(0, head)} ${phone.slice(head, head + 3)} ${phone.slice(head + 3)}`
}

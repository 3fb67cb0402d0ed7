// A simulated world played to its end, and the names its messages hold as its truth writes them.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

import { canonicalMail } from '../src/simulator/identity.ts'
import { type Item, type Message, simulate, type WorldOptions } from '../src/simulator/index.ts'
import { JUNK_IDS, JUNK_MAILS } from '../src/simulator/vocabulary.ts'

export interface Played {
  readonly items: readonly Item[]
  /** Identifier -> its people. */
  readonly truth: ReadonlyMap<string, ReadonlySet<string>>
}

/** Plays a world; throws if its truth lists a row twice. */
export function playWorld(options: Partial<WorldOptions> & { people: number }): Played {
  const simulation = simulate(options)
  const items = [...simulation]
  const truth = new Map<string, Set<string>>()
  for (const { identifier, person } of simulation.identifierTruth()) {
    const known = truth.get(identifier) ?? new Set()
    if (known.has(person)) throw new Error(`${identifier} of ${person} is listed twice`)
    truth.set(identifier, known.add(person))
  }
  return { items, truth }
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** The names by which a message says who sent it, as the truth writes them. */
export function namesOf(message: Message): string[] {
  const mail = textOf(message.traits?.['email']) ?? textOf(message.properties?.['email'])
  const typed = textOf(message.traits?.['phone']) ?? textOf(message.properties?.['phone'])
  const phone = typed === null ? undefined : parsePhoneNumberFromString(typed, 'US')
  const names: string[] = []
  if (message.anonymousId !== undefined) names.push(`cookie:${message.anonymousId}`)
  if (typeof message.userId === 'string') names.push(`external_id:user:${message.userId}`)
  if (mail !== null && message.event !== 'Invite Sent') names.push(`email:${canonicalMail(mail)}`)
  if (phone?.isValid() === true) names.push(`phone:${phone.number}`)
  const { previousId } = message
  if (previousId !== undefined && previousId !== message.anonymousId) {
    names.push(`external_id:user:${previousId}`)
  }
  const links = JSON.stringify(message.context['externalIds'] ?? null)
  const crm = /"id":"([^"]+)","type":"crm"/.exec(links)?.[1]
  if (crm !== undefined) names.push(`external_id:crm:${crm}`)
  return names
}

/** What looks like a name and is nobody's. */
export const JUNK: ReadonlySet<string> = new Set([
  ...JUNK_IDS.flatMap((id) => [`cookie:${id}`, `external_id:user:${id}`]),
  ...JUNK_MAILS.map((mail) => `email:${canonicalMail(mail)}`),
])

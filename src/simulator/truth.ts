// Who is who: rows recomputed from the end state of a pass, in an order that depends on it alone.
// A shared identifier has a row for each of its people; junk has none.

import { farmRows } from './farm.ts'
import { botCookieOf, fixturesOf } from './fixtures.ts'
import { ALIAS, canonicalMail, crmIdOf, mailOf, phoneOf, userIdOf } from './identity.ts'
import { cookieOf, privateCookieOf } from './jars.ts'
import { hasOccurred, tabletKey, USER } from './occurrence.ts'
import { cell, mateOf } from './population.ts'
import type { World } from './population.ts'
import type { Run } from './run.ts'
import { labelOf } from './run.ts'
import { SITE_LIST } from './vocabulary.ts'

/** `TYPE:VALUE` and the person it belongs to; e-mails normalised, phones in E.164. */
export interface TruthRow {
  readonly identifier: string
  readonly person: string
}

/** The rows of a pass that has ended. */
export function* identifierRows(run: Run): Generator<TruthRow> {
  const { world, occurrences } = run
  const { shared } = occurrences
  for (let person = 0; person < world.people; person++) {
    for (const identifier of namesOf(run, person)) yield { identifier, person: labelOf(person) }
    yield* cookieRows(run, person)
  }
  for (const [identifier, people] of shared) {
    for (const person of people) yield { identifier, person: labelOf(person) }
  }
  for (let bot = 0; bot < fixturesOf(world).bots; bot++) {
    // whatever a bot's hit is joined with is wrong, so each is somebody of its own
    const hits = occurrences.botHits[bot] ?? 0
    for (let hit = 0; hit < hits; hit++) {
      yield { identifier: `cookie:${botCookieOf(world, bot, hit)}`, person: `bot${bot}.${hit}` }
    }
  }
  yield* farmRows(world)
}

function* namesOf(run: Run, person: number): Generator<string> {
  const { world, occurrences } = run
  for (let alias = 0; alias < ALIAS.user + SITE_LIST.length; alias++) {
    if (!hasOccurred(occurrences, person, alias)) continue
    const name = nameOf(world, person, alias)
    if (name !== null) yield name
  }
}

function nameOf(world: World, person: number, alias: number): string | null {
  if (alias <= ALIAS.typoMail) return `email:${canonicalMail(mailOf(world, person, alias))}`
  if (alias <= ALIAS.landline) return `phone:${phoneOf(world, person, alias)}`
  if (alias === ALIAS.crm) return `external_id:crm:${crmIdOf(world, person)}`
  const userId = userIdOf(world, person, alias - ALIAS.user)
  return userId === null ? null : `external_id:user:${userId}`
}

/** The cookies of a person's devices; a tablet's that is shared are of those who used them. */
function* cookieRows(run: Run, owner: number): Generator<TruthRow> {
  const { world, jars, occurrences } = run
  const first = cell(world.deviceFirst, owner)
  const end = cell(world.deviceFirst, owner + 1)
  const perDevice = jars.seenHour.length / jars.privateWindows.length
  const person = labelOf(owner)
  for (let jar = first * perDevice; jar < end * perDevice; jar++) {
    if (jars.seenHour[jar] === 0) continue
    for (let clearings = 0; clearings <= cell(jars.clearings, jar); clearings++) {
      const identifier = `cookie:${cookieOf(world, jar, clearings)}`
      const users = occurrences.tablets.get(tabletKey(jar, clearings)) ?? USER.owner
      if ((users & USER.owner) !== 0) yield { identifier, person }
      if ((users & USER.mate) !== 0) yield { identifier, person: labelOf(mateOf(world, owner)) }
    }
  }
  for (let device = first; device < end; device++) {
    for (let window = 0; window < cell(jars.privateWindows, device); window++) {
      yield { identifier: `cookie:${privateCookieOf(world, device, window)}`, person }
    }
  }
}

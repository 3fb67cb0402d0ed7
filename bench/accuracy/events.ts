// To whom the events were given: the world is played once more, now that it is known who is who.

import { type Score, Scorer, Truth } from '../../src/evaluation/index.ts'
import type { Fact } from '../../src/core/index.ts'
import { newPass } from '../../src/core/profile/view/neighbours.ts'
import { ownersOf, strongestIdentifier } from '../../src/core/profile/ownership.ts'
import { isShared } from '../../src/core/profile/shared/shared.ts'
import type { Item } from '../../src/simulator/index.ts'
import { messageText, type Ownership } from './ownership.ts'
import { assignmentsOf, factOfItem, type Played } from './world.ts'

const EXAMPLES_MAX = 2

/** Scores the events of a world; those of nobody (a bot's) are left out. */
export function eventScore(played: Played): Score {
  const truth = new Truth()
  const given: (readonly [id: string, profile: string | null])[] = []
  giveEvents(played, ({ message, person }, _, profile) => {
    truth.add(message.messageId, person ?? '')
    given.push([message.messageId, profile])
  })
  const scorer = new Scorer(truth)
  for (const [id, profile] of given) scorer.assign(id, profile)
  return scorer.score()
}

type Given = (item: Item, fact: Fact, profile: string | null) => void

/** Gives every event of somebody to a profile or to nobody. */
function giveEvents({ simulation, extraction, policy, view }: Played, give: Given): void {
  const pass = newPass(view, policy)
  const owners = {
    profileOf: (key: string) => view.node(key)?.profile ?? null,
    isShared: (key: string) => {
      const cookie = view.node(key)
      return cookie !== undefined && isShared(pass, cookie)
    },
  }
  // whose these are depends on what else their cookies did
  const shared: { item: Item; fact: Fact }[] = []
  for (const item of simulation) {
    const fact = simulation.eventTruth(item) === null ? null : factOfItem(item, extraction)
    if (fact === null) continue
    const cookie = fact.identifiers.find(({ type }) => type === 'cookie')
    if (cookie !== undefined && owners.isShared(cookie.key)) shared.push({ item, fact })
    else give(item, fact, ownersOf([fact], policy, owners)[0] ?? null)
  }
  const facts = shared.map(({ fact }) => fact)
  const profiles = ownersOf(facts, policy, owners)
  for (const [i, { item, fact }] of shared.entries()) give(item, fact, profiles[i] ?? null)
}

/** Prints the events that were given to a profile with nothing of their person's, by what they were. */
export function printStrayEvents(
  played: Played,
  ownership: Ownership,
  shown: number,
  say: (text: string) => void,
): void {
  const people = peopleByProfile(played, ownership)
  const causes = new Map<string, { events: number; examples: string[] }>()
  let [all, nobodys] = [0, 0]
  giveEvents(played, (item, fact, profile) => {
    all++
    if (profile === null) nobodys++
    if (profile === null || people.get(profile)?.has(item.person ?? '') === true) return
    const by = strongestIdentifier(fact, played.policy)?.type ?? 'nothing'
    const cause = `by ${by}: ${ownership.causeOf({ item, fact })}`
    const known = causes.get(cause) ?? { events: 0, examples: [] }
    causes.set(cause, known)
    known.events++
    const whose = [...(people.get(profile) ?? [])].join('+')
    if (known.examples.length < EXAMPLES_MAX)
      known.examples.push(`${messageText(ownership, { item, fact })}; given to ${whose}`)
  })
  say(`\n  of ${all} events ${nobodys} are nobody's; given to a profile without their person:`)
  const most = [...causes].toSorted((x, y) => y[1].events - x[1].events)
  for (const [cause, { events, examples }] of most.slice(0, shown)) {
    say(`    ${String(events).padStart(7)}  ${cause}`)
    for (const example of examples) say(`      ${example}`)
  }
}

/** Shared identifiers count for each of their people. */
function peopleByProfile({ view }: Played, ownership: Ownership): Map<string, Set<string>> {
  const people = new Map<string, Set<string>>()
  for (const [key, profile] of assignmentsOf(view)) {
    const known = people.get(profile) ?? new Set<string>()
    people.set(profile, known)
    for (const person of ownership.peopleOf(key)) known.add(person)
  }
  return people
}

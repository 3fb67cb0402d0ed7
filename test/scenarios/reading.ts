// The graph as a scenario writes it down: profiles, questions, shared cookies and changes in short names.
// Invariant: sorted, so that texts are equal exactly when what they say is.

import type { Key } from '../../src/core/identifier/identifier.ts'
import { type Graph, membersOf, sharedCookies } from './graph.ts'
import { type Names, wordsOf } from './names.ts'

/** `#founder: member member | …` of the live profiles; without ids the members only. */
export function partitionText(graph: Graph, names: Names, withIds: boolean): string {
  const profiles = new Map<string, string[]>()
  for (const node of membersOf(graph)) {
    const members = profiles.get(node.profile) ?? []
    profiles.set(node.profile, members)
    members.push(names.nameOf(node))
  }
  return joined(
    [...profiles].map(([id, members]) => {
      const text = members.toSorted().join(' ')
      return withIds ? `${idText(graph, names, id)}: ${text}` : text
    }),
  )
}

/** An expectation in the same form: ranges and `each` written out, everything sorted. */
export function tidied(text: string, withIds: boolean): string {
  const profiles = text.split('|').flatMap((profile) => {
    const [, id = '', rest = ''] = /^\s*(#\S+:)?([\s\S]*)$/.exec(profile) ?? []
    const words = wordsOf(rest)
    if (words[0] === 'each')
      return words.slice(1).map((word) => (withIds ? `#${word}: ${word}` : word))
    const members = words.toSorted().join(' ')
    return withIds ? [`${id} ${members}`] : [members]
  })
  return joined(profiles)
}

/** Profiles as one line. */
export const joined = (profiles: readonly string[]): string =>
  profiles
    .filter((profile) => profile.trim() !== '')
    .toSorted()
    .join(' | ')

/** `#c-phone`: the id that is derived from the founding member; an apostrophe for each one it had before. */
function idText({ mintedFor }: Graph, names: Names, id: string): string {
  const minted = mintedFor.get(id)
  if (minted === undefined) return id
  return `#${names.ofKey(minted.founder)}${"'".repeat(minted.attempt)}`
}

/** Open questions as `guard one ? other`, each side by the first in the alphabet of its profile. */
export function questionsText(graph: Graph, names: Names): string[] {
  const leads = leadsOf(graph, names)
  return [...graph.view.questions.values()]
    .map(({ a, b, guard }) => questionText(guard, [a, b], leads))
    .toSorted()
}

/** Expected questions in the same form; whatever members of the two profiles they name. */
export function asked(graph: Graph, names: Names, asks: readonly string[]): string[] {
  const leads = leadsOf(graph, names)
  return asks
    .map((ask) => {
      const [, guard = '', one = '', other = ''] = /^(\S+) (\S+) \? (\S+)$/.exec(ask) ?? []
      return questionText(guard, [names.keyOf(one), names.keyOf(other)], leads)
    })
    .toSorted()
}

function questionText(guard: string, sides: readonly Key[], leads: Map<Key, string>): string {
  const texts = sides.map((key) => leads.get(key) ?? key)
  return `${guard} ${texts.toSorted().join(' ? ')}`
}

function leadsOf(graph: Graph, names: Names): Map<Key, string> {
  const members = membersOf(graph)
  const first = new Map<string, string>()
  for (const node of members) {
    const name = names.nameOf(node)
    if (name < (first.get(node.profile) ?? '\uffff')) first.set(node.profile, name)
  }
  return new Map(members.map(({ key, profile }) => [key, first.get(profile) ?? '']))
}

export function sharedCookiesOf(graph: Graph): ReadonlySet<Key> {
  return new Set(sharedCookies(graph).map(({ key }) => key))
}

export function sharedText(graph: Graph, names: Names): string {
  return joined(sharedCookies(graph).map(names.nameOf))
}

/** The changes since the first `known`, as `merged #c-phone < #c-work`. */
export function changesText(graph: Graph, names: Names, known: number): string[] {
  return graph.view.changes
    .slice(known)
    .map(({ event, profile, from }) => {
      const others = from.map((id) => idText(graph, names, id)).join(' ')
      const text = `${event} ${idText(graph, names, profile)}`
      return others === '' ? text : `${text} < ${others}`
    })
    .toSorted()
}

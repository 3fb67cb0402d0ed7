// What a commit names must be there: stored and not removed by it, or in the commit itself.
// Invariant: a caller that breaks this has a bug, so it is thrown, and nothing is written.

import type { Key } from '../../core/identifier/identifier.ts'
import type { Commit } from '../../ports/identity-store.ts'
import type { Graph } from './graph.ts'

/** Throws on the first name that leads nowhere. */
export function checkNames(graph: Graph, commit: Commit): void {
  const removed = new Set(commit.nodesRemoved)
  const inCommit = new Set([...commit.nodes, ...(commit.widened ?? [])].map((node) => node.key))
  const profilesInCommit = new Set(commit.profiles.map((profile) => profile.id))
  const isNode = (key: Key): boolean =>
    inCommit.has(key) || (graph.nodes.has(key) && !removed.has(key))
  const isProfile = (id: string): boolean => profilesInCommit.has(id) || graph.profiles.has(id)
  for (const { key, profile, anchor } of commit.nodes) {
    check(isNode(anchor), `the anchor ${anchor} of ${key}`)
    check(profile === '' || isProfile(profile), `the profile ${profile} of ${key}`)
  }
  for (const { from, to } of commit.edges) check(isNode(from) && isNode(to), `${from} or ${to}`)
  for (const { identifier, from } of commit.sightings) {
    check(isNode(identifier) && isNode(from), `${identifier} or ${from}`)
  }
  for (const { a, b } of commit.questions) check(isNode(a) && isNode(b), `${a} or ${b}`)
  for (const { profile } of commit.changes) check(isProfile(profile), profile)
  for (const { redirect } of commit.profiles)
    check(redirect === null || isProfile(redirect), `${redirect}`)
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`a commit names what is neither stored nor in it: ${what}`)
}

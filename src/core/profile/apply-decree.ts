// A steward's or administrator's decree into the view: verdicts, undos, quarantines, erasures.
// Invariant: a decree changes what may be joined, never a fact; taking it away leaves no trace but the erased.

import type { Key } from '../identifier/identifier.ts'
import { thinCrowdsOf } from './view/anchor.ts'
import type { Touched } from './view/touched.ts'
import type { Policy } from '../policy/policy.ts'
import { memberNeighbours } from './view/neighbours.ts'
import {
  dropAskedAbout,
  dropAskedBetween,
  dropQuestion,
  isOfARun,
  putQuestion,
} from './questions.ts'
import type { QuestionRecord, Verdict } from './view/records.ts'
import { joinsByWitness } from './settle.ts'
import type { View, ViewNode } from './view/view.ts'

/** What a decision record of the log says. `members` of an undo are those of the verdict it takes back. */
export type Decree =
  | {
      readonly type: 'verdict'
      /** What was asked, as it was shown; left out where nobody asked. */
      readonly question?: QuestionRecord
      readonly verdict: Verdict
      readonly a: readonly Key[]
      readonly b: readonly Key[]
      readonly note: string
    }
  | { readonly type: 'undo'; readonly of: string; readonly members: readonly Key[] }
  | { readonly type: 'quarantine' | 'release'; readonly identifier: Key; readonly note: string }
  | { readonly type: 'erasure'; readonly identifiers: readonly Key[] }
  | { readonly type: 'policy'; readonly version: string; readonly settings: string }

export interface DatedDecree {
  readonly id: string
  readonly at: number
  readonly author: string
  /** Log position: of two contradicting verdicts the later wins. */
  readonly order: number
  readonly decree: Decree
}

/** Identifiers that must be loaded, with everything around them, before the decree can be applied. */
export function identifiersOf(decree: Decree): readonly Key[] {
  switch (decree.type) {
    case 'verdict':
      return [...decree.a, ...decree.b]
    case 'undo':
      return decree.members
    case 'quarantine':
    case 'release':
      return [decree.identifier]
    case 'erasure':
      return decree.identifiers
    case 'policy':
      return []
    default:
      return decree satisfies never
  }
}

export function applyDecree(
  view: View,
  policy: Policy,
  dated: DatedDecree,
  touched: Touched,
): void {
  view.compared.pairs.clear()
  const { decree } = dated
  const present = identifiersOf(decree).filter((key) => view.node(key) !== undefined)
  switch (decree.type) {
    case 'verdict':
      addVerdict(view, dated, decree)
      break
    case 'undo':
      askAgain(view, view.verdicts.get(decree.of)?.question ?? null)
      view.removeVerdict(decree.of)
      view.unstoredVerdicts.delete(decree.of)
      view.verdictsRemoved.add(decree.of)
      break
    case 'quarantine':
    case 'release':
      for (const key of present) quarantine(view, key, decree.type === 'quarantine', touched)
      break
    case 'erasure':
      for (const key of present) erase(view, policy, key, touched)
      break
    case 'policy':
      break
    default:
      decree satisfies never
  }
  for (const key of present) if (view.node(key)?.component !== '') touched.members.add(key)
  for (const keys of [touched.members, touched.vouching, touched.unanchored])
    for (const key of keys)
      if (view.nodesRemoved.has(key) && view.node(key) === undefined) keys.delete(key)
  touched.at = Math.max(touched.at, dated.at)
}

function addVerdict(
  view: View,
  dated: DatedDecree,
  decree: Extract<Decree, { type: 'verdict' }>,
): void {
  const { id, at, author, order } = dated
  const { verdict, a, b, note, question = null } = decree
  dropAskedBetween(view, a, b)
  view.addVerdict({ id, question, verdict, a, b, order, at, author, note })
  view.unstoredVerdicts.add(id)
  view.verdictsRemoved.delete(id)
}

/** What the live path asks it asks again by itself. */
function askAgain(view: View, question: QuestionRecord | null): void {
  if (question === null || !isOfARun(question)) return
  const [a, b] = [view.node(question.a), view.node(question.b)]
  if (a !== undefined && b !== undefined) putQuestion(view, question)
}

/** Its neighbours are judged again too: an external id they had in common may be out. */
function quarantine(view: View, key: Key, quarantined: boolean, touched: Touched): void {
  const node = view.node(key)
  if (node === undefined || node.quarantined === quarantined) return
  node.quarantined = quarantined
  view.compared.clear()
  if (node.component !== '') dropAskedAbout(view, node)
  view.unstoredNodes.add(node)
  touchAround(node, touched)
  for (const days of view.crowds.get(key)?.values() ?? []) {
    for (const cookie of days.entries.keys()) touched.members.add(cookie)
  }
}

function touchAround(node: ViewNode, touched: Touched): void {
  if (node.component === '') return
  for (const near of memberNeighbours(node)) {
    touched.members.add(near)
    touched.vouching.add(near)
  }
}

function erase(view: View, policy: Policy, key: Key, touched: Touched): void {
  const node = view.node(key)
  if (node === undefined) return
  touchAround(node, touched)
  for (const mate of withoutAnEdge(view, node)) touched.members.add(mate)
  if (joinsByWitness(policy)) thinCrowdsOf(node, touched)
  for (const to of node.out.keys()) {
    view.deleteEdges(node, to)
    view.unseeInCrowd(key, to)
  }
  for (const from of [...node.inbound, ...seenWith(view, node)]) {
    const other = view.node(from)
    if (other === undefined) continue
    view.deleteEdges(other, key)
    touched.members.add(from)
    touched.unanchored.add(from)
  }
  for (const id of view.questionsOf(key)) dropQuestion(view, id)
  if (node.component !== '') dropAskedAbout(view, node)
  retire(view, node)
  view.crowds.delete(key)
  view.compared.clear()
  view.unstoredNodes.delete(node)
  view.nodesRemoved.add(key)
  view.delete(node)
}

/** Who is, or may come to be, with it by a verdict or by witnesses. */
function withoutAnEdge(view: View, node: ViewNode): Key[] {
  const shown = [...view.verdictsOf(node.key)].flatMap((id) => {
    const verdict = view.verdicts.get(id)
    return verdict === undefined ? [] : [...verdict.a, ...verdict.b]
  })
  return [...(view.components.get(node.component) ?? []), ...shown]
}

/** Of a day that was over the limit some are in memory and not in its crowd. */
function seenWith(view: View, { key, component }: ViewNode): Key[] {
  if (component !== '') return []
  return [...view.nodes()].flatMap((other) => (other.out.has(key) ? [other.key] : []))
}

/** A profile that loses its last member is erased: it redirects nowhere and holds nobody. */
function retire(view: View, node: ViewNode): void {
  const mates = view.components.get(node.component)
  const profile = view.profiles.get(node.profile)
  if (profile === undefined || profile === null) return
  for (const mate of mates ?? [])
    if (mate !== node.key && view.node(mate)?.profile === node.profile) return
  view.profiles.set(profile.id, {
    ...profile,
    size: 0,
    redirect: null,
    revision: profile.revision + 1,
  })
  view.unstoredProfiles.add(profile.id)
}

// Nodes as columns, to cross to a thread: objects of so many fields, each with an array of its clues, take twice as long.
// Invariant: nodes that crossed are equal to those that were sent.

import { NO_CLUES, type Clues } from '../../core/edge/clue.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'

export interface FlatNodes {
  /** `TEXTS` of each node. */
  readonly texts: readonly string[]
  readonly sites: readonly (readonly string[])[]
  /** `NUMBERS` of each node. */
  readonly numbers: Float64Array<ArrayBuffer>
  /** Of all nodes, one after the other. */
  readonly clues: Clues
}

/** Key, type, namespace, value, profile, component, anchor. */
const TEXTS = 7
/** First and last seen, receipt, whether quarantined, version, how many clues. */
const NUMBERS = 6

export function flatNodes(nodes: readonly NodeRecord[]): FlatNodes {
  const texts: string[] = []
  const numbers = new Float64Array(NUMBERS * nodes.length)
  const clues = new Uint32Array(nodes.reduce((sum, node) => sum + node.clues.length, 0))
  let told = 0
  let at = 0
  for (const node of nodes) {
    const { key, type, namespace, value, profile, component, anchor } = node
    texts.push(key, type, namespace, value, profile, component, anchor)
    numbers[at++] = node.firstSeen
    numbers[at++] = node.lastSeen
    numbers[at++] = node.receivedAt
    numbers[at++] = node.quarantined ? 1 : 0
    numbers[at++] = node.version
    numbers[at++] = node.clues.length
    clues.set(node.clues, told)
    told += node.clues.length
  }
  return { texts, sites: nodes.map(({ sites }) => sites), numbers, clues }
}

export function nodesOf({ texts, sites, numbers, clues }: FlatNodes): NodeRecord[] {
  let told = 0
  return sites.map((own, i) => {
    const [text, number] = [TEXTS * i, NUMBERS * i]
    const from = told
    told += numbers[number + 5] ?? 0
    return {
      key: texts[text] ?? '',
      type: texts[text + 1] ?? '',
      namespace: texts[text + 2] ?? '',
      value: texts[text + 3] ?? '',
      firstSeen: numbers[number] ?? 0,
      lastSeen: numbers[number + 1] ?? 0,
      receivedAt: numbers[number + 2] ?? 0,
      sites: own,
      profile: texts[text + 4] ?? '',
      component: texts[text + 5] ?? '',
      anchor: texts[text + 6] ?? '',
      quarantined: numbers[number + 3] === 1,
      clues: told === from ? NO_CLUES : clues.subarray(from, told),
      version: numbers[number + 4] ?? 0,
    }
  })
}

// Nodes that crossed from one thread to another are the nodes that were sent.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cluesFrom } from '../../core/edge/clue.ts'
import type { NodeRecord } from '../../core/profile/view/records.ts'
import { flatNodes, nodesOf } from './flat-nodes.ts'

const node: fc.Arbitrary<NodeRecord> = fc.record({
  key: fc.string(),
  type: fc.string(),
  namespace: fc.string(),
  value: fc.string({ unit: 'binary' }),
  firstSeen: fc.integer(),
  lastSeen: fc.maxSafeInteger(),
  receivedAt: fc.maxSafeNat(),
  sites: fc.array(fc.string(), { maxLength: 3 }),
  profile: fc.string(),
  component: fc.string(),
  anchor: fc.string(),
  quarantined: fc.boolean(),
  clues: fc.array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 5 }).map(cluesFrom),
  version: fc.nat(),
})

test('nodes cross as columns', () => {
  fc.assert(
    fc.property(fc.array(node, { maxLength: 5 }), (nodes) => {
      expect(nodesOf(structuredClone(flatNodes(nodes)))).toEqual(nodes)
    }),
  )
})

// Plays facts to the live path's code on a view that holds everything: what a store would say is known from the start.
import type { Fact } from '../../src/core/edge/fact.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { absorbCrowds } from '../../src/core/profile/view/absorb.ts'
import { applyFact } from '../../src/core/profile/apply-fact.ts'
import { settle } from '../../src/core/profile/settle.ts'
import { nothingTouched } from '../../src/core/profile/view/touched.ts'
import { View } from '../../src/core/profile/view/view.ts'
import { ids } from './small-world.ts'

/** Batch by batch, each decided at once. */
export function play(
  policy: Policy,
  batches: readonly (readonly Fact[])[],
  after: (view: View) => void = () => undefined,
): View {
  const view = new View()
  for (const batch of batches) {
    const touched = nothingTouched()
    for (const fact of batch) {
      for (const { key } of fact.identifiers) ensureCrowds(view, key, policy)
      applyFact(view, policy, fact, touched)
    }
    for (let round = 0; ; round++) {
      const needs = settle(view, policy, touched, ids)
      if (needs === null) break
      if (round > 50) throw new Error(`never settles: ${JSON.stringify(needs).slice(0, 400)}`)
      absorbCrowds(view, policy, needs.crowds, [])
      for (const id of needs.profiles) if (!view.profiles.has(id)) view.profiles.set(id, null)
      if (needs.nodes.length > 0) throw new Error('a whole view misses nothing')
    }
    after(view)
  }
  return view
}

/** The test's view has no store behind it: all crowds are known from the start. */
function ensureCrowds(view: View, key: string, policy: Policy): void {
  if (view.crowds.has(key)) return
  absorbCrowds(view, policy, [{ identifier: key, fromDay: 19_990, toDay: 20_070 }], [])
}

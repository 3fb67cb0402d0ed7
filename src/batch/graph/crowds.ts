// Who was seen with each witness on each day, out of an engine's arrays into a view.
// Invariant: every day is known; one without a sighting has nobody.

import { type Crowd, isOver } from '../../core/evidence/crowd.ts'
import type { Key } from '../../core/identifier/identifier.ts'
import type { View } from '../../core/profile/view/view.ts'

/** witness, day, cookie, hours, anchor: a typed array each. */
export type SightingArrays = readonly Int32Array[]

class Days extends Map<number, Crowd> {
  override get(day: number): Crowd {
    return super.get(day) ?? NOBODY
  }
}

const NOBODY: Crowd = { entries: new Map(), over: false, judged: null }

/** `keyOf`: the key of a number. */
export function addCrowds(
  view: View,
  [witnesses, days, cookies, hours, anchors]: SightingArrays,
  keyOf: (node: number) => Key,
): void {
  for (const node of view.nodes()) if (node.component === '') view.crowds.set(node.key, new Days())
  witnesses?.forEach((witness, i) => {
    const ofWitness = view.crowds.get(keyOf(witness))
    const day = days?.[i] ?? 0
    let crowd = ofWitness?.get(day)
    if (crowd === undefined || crowd === NOBODY) {
      crowd = { entries: new Map(), over: false, judged: null }
      ofWitness?.set(day, crowd)
    }
    const entry = { hours: hours?.[i] ?? 0, anchor: keyOf(anchors?.[i] ?? 0), fromType: 'cookie' }
    crowd.entries.set(keyOf(cookies?.[i] ?? 0), entry)
    crowd.over = isOver(crowd)
  })
}

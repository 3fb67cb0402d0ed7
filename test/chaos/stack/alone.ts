// A graph that many have written, held against what one resolver makes of the same facts in memory.
import { createMemoryIdentityStore } from '../../../src/adapters/memory/index.ts'
import { idsWith, readSecret } from '../../../src/apps/account/secret.ts'
import type { Fact } from '../../../src/core/edge/fact.ts'
import { compilePolicy } from '../../../src/core/policy/compile-policy.ts'
import type { IdentityStore } from '../../../src/ports/identity-store.ts'
import { expect } from 'vitest'
import { settingsOf, sha256 } from '../../extraction.ts'
import { nothingBut, tallyOf } from '../../flows/graph-told.ts'
import { CONFIGURATION } from '../world.ts'
import { layoutIn } from './looks.ts'

const policy = compilePolicy(settingsOf(CONFIGURATION), sha256)
/** Of a tally's edge, after its ends, kind and times. */
const COUNT_AT = 5
const NEVER: Times = { once: new Set(), all: 0 }

/** Each message took effect as often as it stands in the log. */
export async function expectAsAlone(
  store: IdentityStore,
  facts: readonly Fact[],
  cwd: string,
): Promise<void> {
  const secret = (await readSecret(layoutIn(cwd).secretFile)) ?? ''
  const alone = createMemoryIdentityStore()
  await nothingBut(alone, policy, [{ facts, decree: null }], idsWith(secret))
  const times = timesIn(facts)
  expect(
    differences(linesOf(await tallyOf(store), times), linesOf(await tallyOf(alone), times)),
  ).toEqual([])
}

interface Times {
  /** Different messages that made an edge, and how often they stand in the log. */
  readonly once: Set<string>
  all: number
}

/** By ends and kind of an edge. */
function timesIn(facts: readonly Fact[]): ReadonlyMap<string, Times> {
  const times = new Map<string, Times>()
  for (const { id, identifiers, edges } of facts) {
    for (const { from, to, kind } of edges) {
      const name = [identifiers[from]?.key, identifiers[to]?.key, kind].join(' ')
      const known = times.get(name) ?? { once: new Set(), all: 0 }
      known.once.add(id)
      known.all++
      times.set(name, known)
    }
  }
  return times
}

/**
 * A tally in lines. A message that stands twice in the log counts once or twice, by what came in between; so counts are
 * told as they are without such messages where they can have come by them.
 */
function linesOf(tally: unknown, times: ReadonlyMap<string, Times>): ReadonlySet<string> {
  const parts = Object.entries(tally as Readonly<Record<string, readonly unknown[]>>)
  const toldOnce = (edge: string): string => {
    const words = edge.split(' ')
    const { once, all } = times.get(words.slice(0, 3).join(' ')) ?? NEVER
    const count = Number(words[COUNT_AT])
    if (count >= once.size && count <= all) words[COUNT_AT] = String(once.size)
    return words.join(' ')
  }
  return new Set(
    parts.flatMap(([part, all]) =>
      all.map(
        (one) => `${part}: ${part === 'edges' ? toldOnce(String(one)) : JSON.stringify(one)}`,
      ),
    ),
  )
}

/** What one of them has and the other has not, in words that can be read. */
function differences(found: ReadonlySet<string>, wanted: ReadonlySet<string>): readonly string[] {
  return [
    ...[...found].filter((line) => !wanted.has(line)).map((line) => `too many: ${line}`),
    ...[...wanted].filter((line) => !found.has(line)).map((line) => `missing: ${line}`),
  ]
}

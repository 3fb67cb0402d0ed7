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

/** Each message took effect once, however often it stands in the log. */
export async function expectAsAlone(
  store: IdentityStore,
  facts: readonly Fact[],
  cwd: string,
): Promise<void> {
  const secret = (await readSecret(layoutIn(cwd).secretFile)) ?? ''
  const alone = createMemoryIdentityStore()
  const once = [...new Map(facts.toReversed().map((fact) => [fact.id, fact])).values()]
  await nothingBut(alone, policy, [{ facts: once, decree: null }], idsWith(secret))
  expect(differences(linesOf(await tallyOf(store)), linesOf(await tallyOf(alone)))).toEqual([])
}

function linesOf(tally: unknown): ReadonlySet<string> {
  const parts = Object.entries(tally as Readonly<Record<string, readonly unknown[]>>)
  return new Set(
    parts.flatMap(([part, all]) =>
      all.map((one) => `${part}: ${part === 'edges' ? String(one) : JSON.stringify(one)}`),
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

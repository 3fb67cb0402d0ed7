// What a run asks under knowledge, over small random worlds: what the core's own scores leave open and no guard answers;
// a run that is repeated changes nothing, and what no run asks any more is taken back.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { asking } from '../../test/batch/asking.ts'
import { apart, messageOf, withLog } from '../../test/batch/engine.ts'
import { play } from '../../test/worlds/play.ts'
import { digest, smallPolicy, smallWorld } from '../../test/worlds/small-world.ts'
import type { Fact } from '../core/edge/fact.ts'
import { evidenceOfScore } from '../core/evidence/learned/model.ts'
import { type Key, keyOf, numberOf } from '../core/identifier/identifier.ts'
import type { Knowledge } from '../core/policy/knowledge.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { AlikePair } from '../core/profile/ask.ts'
import { isOut } from '../core/profile/alike/candidates.ts'
import { metBy, scorePair } from '../core/profile/alike/learned-pairs.ts'
import { newPass } from '../core/profile/view/neighbours.ts'
import { isOfARun } from '../core/profile/questions.ts'
import type { LogRecord } from '../ports/event-log.ts'

/** Worlds of one log: a run costs more than a world. */
const WORLDS = 25
const RUNS = Math.ceil(Number(process.env['SELFSAME_RUNS'] ?? 100) / WORLDS)

/** Joins some, and leaves some open. */
function policyFor(version: string, joinFrom: number): Policy {
  const policy = smallPolicy('learned')
  const { knowledge } = policy
  if (knowledge === null) throw new Error('a learned policy knows something')
  const { model, witnesses } = knowledge
  return {
    ...policy,
    knowledge: { ...knowledge, version, model: { ...model, joinFrom }, witnesses: of(witnesses) },
  }
}

/** What is known of the witnesses of one world, of those of all worlds of a log. */
function of(known: Knowledge['witnesses']): Knowledge['witnesses'] {
  const numbers = Array.from({ length: WORLDS }, (_, world) =>
    ['ip0', 'ip1', 'device_signature0', 'device_signature1'].map((value) =>
      numberOf(keyOf(digest, 'default', value.slice(0, -1), '', `${value}-${world}`)),
    ),
  ).flat()
  const column = <C extends Uint32Array | Uint8Array>(made: C, from: C): C => {
    for (let i = 0; i < made.length; i++) made[i] = from[i % from.length] ?? 0
    return made
  }
  return {
    ...known,
    number: BigInt64Array.from(numbers).toSorted(),
    cookies: column(new Uint32Array(numbers.length), known.cookies),
    devices: column(new Uint32Array(numbers.length), known.devices),
    shape: column(new Uint8Array(numbers.length), known.shape),
  }
}

/** Every two cookies that met and are alike enough to be asked about, as the core scores them. */
function leftOpen(facts: readonly Fact[], policy: Policy): readonly AlikePair[] {
  const view = play(policy, [facts])
  const pass = newPass(view, policy)
  const { knowledge } = policy
  if (knowledge === null) return []
  return [...view.nodes()].flatMap((node) => {
    if (node.type !== 'cookie' || isOut(pass, node)) return []
    return [...(metBy(pass, knowledge, node, []) ?? [])].flatMap((key): readonly AlikePair[] => {
      const other = view.node(key)
      if (other === undefined || key < node.key || other.profile === node.profile) return []
      const score = scorePair(pass, knowledge, node, other)
      const evidence = score === null ? 0 : evidenceOfScore(score)
      if (evidence < policy.questionEvidence) return []
      return [{ a: node.key, b: key, evidence, reason: '', scoredBy: null, worth: 1 }]
    })
  })
}

let serial = 0
function verdict(what: 'same' | 'different', a: Key, b: Key): LogRecord {
  const decision = { type: 'verdict', verdict: what, a: [a], b: [b], note: '' } as const
  return { kind: 'decision', id: `v${serial++}`, at: 0, author: 'sam', decision }
}

const POLICY = policyFor('first', 400)
const OTHER = policyFor('second', 300)

test('what the core leaves open is asked, once, and again only by another model', async () => {
  let open = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(smallWorld, { minLength: WORLDS, maxLength: WORLDS }),
      async (worlds) => {
        const facts = worlds.flatMap((world, i) => apart(i, world))
        await withLog(facts.map(messageOf), async (on) => {
          const { run, ask, goBy, more, questions } = await asking(on, POLICY)
          await run()
          const first = await questions()
          expect(first.map(({ worth }) => worth)).toEqual(
            first.map(({ worth }) => worth).toSorted((x, y) => y - x),
          )
          expect(await run()).toMatchObject({ commits: 0 })
          // The resolver answers with those of them that may be asked at all.
          const wanted = new Set(await ask(leftOpen(facts, POLICY)))
          const asked = first.filter((one) => isOfARun(one) || one.guard === 'margin')
          expect(asked.filter(({ id }) => !wanted.has(id))).toEqual([])
          expect([...wanted].filter((id) => !asked.some((one) => one.id === id))).toEqual([])
          expect(asked.every(({ scoredBy }) => scoredBy === 'first')).toBe(true)
          open += asked.length

          await goBy(OTHER)
          await run()
          const later = await questions()
          const scored = later.filter(({ guard }) => guard === 'threshold' || guard === 'margin')
          expect(scored.every(({ scoredBy }) => scoredBy === 'second')).toBe(true)
          expect(await run()).toMatchObject({ commits: 0 })
          expect(await questions()).toEqual(later)

          const ruled = later.filter(isOfARun).slice(0, 4)
          await more(
            ...ruled.map(({ a, b }, i) => verdict(i % 2 === 0 ? 'same' : 'different', a, b)),
          )
          await run()
          const ids = new Set((await questions()).filter(isOfARun).map(({ id }) => id))
          expect(ruled.filter(({ id }) => ids.has(id))).toEqual([])
        })
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
  expect(open).toBeGreaterThan(0)
})

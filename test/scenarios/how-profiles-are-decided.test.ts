// The chapter for stewards says the defaults: every number in its tables is compared, and none of the groups is left out.
import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { damping } from '../../src/core/evidence/crowd.ts'
import { compilePolicy } from '../../src/core/policy/compile-policy.ts'
import { confidenceOf, evidenceOf } from '../../src/core/policy/evidence-unit.ts'
import { settingsOf, sha256 } from '../extraction.ts'

const chapter = readFileSync(
  new URL('../../docs/how-profiles-are-decided.md', import.meta.url),
  'utf8',
)
const settings = settingsOf()

const rows = chapter
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

type Leaf = readonly [path: string, value: unknown]

function leaves(value: unknown, path: string): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([name, below]) => leaves(below, `${path}.${name}`))
}

const { edges, thresholds, guards, candidates, ageing, crossSite, session, promiscuity } = settings
const said = Object.entries({ edges, thresholds, guards, candidates, ageing, crossSite, session })

test.each(said.flatMap(([name, value]) => leaves(value, name)))('%s is %s', (path, value) => {
  const numbers = rows
    .filter((cells) => cells.at(-1) === `\`${path}\``)
    .map((cells) => cells.at(-2))
  expect(numbers).toEqual([String(value)])
})

test.each(Object.entries(promiscuity))('the crowds of %s', (name, { warn, full, void: none }) => {
  const numbers = rows.filter((cells) => cells.at(-1) === `\`promiscuity.${name}\``)
  expect(numbers.map((cells) => cells.slice(1, 4))).toEqual([[warn, full, none].map(String)])
})

test('no row names a setting that does not exist', () => {
  const known = leaves(settings, '').map(([path]) => path.slice(1))
  const named = rows.flatMap(
    (cells) => /^`([a-zA-Z_]+\.[a-zA-Z_.]+)`$/.exec(cells.at(-1) ?? '')?.[1] ?? [],
  )
  expect(named.length).toBeGreaterThan(30)
  expect(
    named.filter((path) => !known.some((one) => one === path || one.startsWith(`${path}.`))),
  ).toEqual([])
})

test('the steps in which a crowd takes weight away', () => {
  const steps = rows.flatMap(([people = '', weight = '']) => {
    const [, upTo, from] = /^(?:up to (\d+)|(\d+) and more)$/.exec(people) ?? []
    return weight.endsWith('%')
      ? [{ people: Number(upTo ?? from), percent: Number.parseInt(weight, 10) }]
      : []
  })
  expect(steps).toHaveLength(5)
  const rule = compilePolicy(settings, sha256).types.get('ip')
  if (rule === undefined) throw new Error('no rule for ip')
  for (const { people, percent } of steps) expect(damping(people, rule)).toBe(percent * 10)
  for (const { people } of steps.slice(0, -1))
    expect(damping(people + 1, rule)).toBeLessThan(damping(people, rule))
})

test('device and ip together make what the chapter says', () => {
  const both = confidenceOf(evidenceOf(edges.ip_temporal) + evidenceOf(edges.signature_match))
  expect(chapter).toContain(`device and ip together make ${both.toFixed(2)}`)
  expect(both).toBeLessThan(thresholds.merge)
})

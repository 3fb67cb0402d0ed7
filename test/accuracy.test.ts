// The accuracy benchmark, small: so that it cannot rot, and a blunder in the rules shows in every test run.
import { expect, test } from 'vitest'

import { eventScore } from '../bench/accuracy/events.ts'
import { playBoth } from '../bench/accuracy/beside.ts'
import { checkFloors, checkTroubled } from '../bench/accuracy/floors.ts'
import { printMistakes } from '../bench/accuracy/mistakes.ts'
import {
  besideLines,
  checkBeside,
  meanLines,
  tableHead,
  worldLine,
} from '../bench/accuracy/report.ts'
import { TROUBLES } from '../src/simulator/index.ts'
import { partitionHash, playWorld, type Scores, scoresOf } from '../bench/accuracy/world.ts'

const playSmall = (hard: boolean): Scores =>
  scoresOf(playWorld({ people: 500, days: 60, seed: 1, hard }))

test('a small clean world keeps the floors, and nothing in it is lost', () => {
  const scores = playSmall(false)
  expect(checkFloors([scores], false).filter(({ holds }) => !holds)).toEqual([])
  // but for numbers like +4915120000000, which look like junk
  expect(scores.selfsame.unassigned).toBeLessThan(3)
})

test('a small hard world keeps the floors', () => {
  const scores = playSmall(true)
  expect(checkFloors([scores], true).filter(({ holds }) => !holds)).toEqual([])
  expect(scores.everything.pair_recall).toBeGreaterThan(scores.selfsame.pair_recall)
})

test.each(TROUBLES)('a small hard world keeps its precision, with trouble: %s', (trouble) => {
  const scores = scoresOf(playWorld({ people: 500, days: 60, seed: 1, hard: true, trouble }))
  expect(checkTroubled([scores]).filter(({ holds }) => !holds)).toEqual([])
})

test('every part of the report can be told of a tiny world', () => {
  const played = playWorld({ people: 200, days: 12, seed: 1, hard: true })
  const scores = scoresOf(played)
  const events = eventScore(played)
  expect(events.pair_precision).toBeGreaterThan(0.9)
  const said: string[] = []
  printMistakes(played, 3, (text) => said.push(text))
  expect(said.join('\n')).toContain('hold strangers')
  const hash = partitionHash(played.view)
  const result = { seed: 1, messages: 1, seconds: 1, hash, scores, events }
  expect([tableHead(), worldLine(result), ...meanLines([result, result])]).toHaveLength(12)
})

test('a batch over a tiny world is as right as the live path, and told beside it', async () => {
  const one = await playBoth({ people: 60, days: 12, seed: 1, hard: true })
  expect(one.live.pair_precision).toBeGreaterThan(0.9)
  expect(checkBeside(one).filter(({ holds }) => !holds)).toEqual([])
  expect(besideLines(one)).toHaveLength(3)
})

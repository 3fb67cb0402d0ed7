// Profile ids: the older founding survives, the larger part keeps, earlier ids come back, and none ever leads nowhere.
import { expect, test } from 'vitest'

import { different, erase, same, undo } from './decrees.ts'
import { leadsTo, newGraph, playStep } from './graph.ts'
import { identify, login, page, pageAs, signUp } from './messages.ts'
import { type Row, scenario } from './scenario.ts'
import { stage } from './stage.ts'

// oxfmt-ignore
scenario('the older founding survives a merge, also against a larger profile', [
  ['day 1 10:00', 'a lone cookie', page('c-old'),
    '#c-old: c-old'],
  ['day 2 10:00', 'a large profile', [page('c-1'), login('c-1', 'ana@home.example'), login('c-2', 'ana@home.example'), login('c-3', 'ana@home.example')],
    '#c-old: c-old | #c-1: c-1..3 ana@home'],
  ['day 3 10:00', 'they meet', login('c-old', 'ana@home.example'),
    '#c-old: c-old c-1..3 ana@home', { says: ['merged #c-old < #c-1'] }],
])

// oxfmt-ignore
scenario('three profiles meet at once: the oldest survives and the others give way', [
  ['day 1 10:00', 'one after the other', [page('c-1'), page('c-2'), page('c-3')],
    '#c-1: c-1 | #c-2: c-2 | #c-3: c-3'],
  ['day 2 10:00', 'two meet', [login('c-2', 'ana@home.example'), login('c-3', 'ana@home.example')],
    '#c-1: c-1 | #c-2: c-2 c-3 ana@home'],
  ['day 2 11:00', 'and the third', login('c-1', 'ana@home.example'),
    '#c-1: c-1..3 ana@home', { says: ['merged #c-1 < #c-2'] }],
  ['day 3 10:00', 'what glued them is erased: all ids are back', erase('ana@home'),
    '#c-1: c-1 | #c-2: c-2 | #c-3: c-3', { says: ['split #c-2 < #c-1', 'split #c-3 < #c-1', 'updated #c-1'] }],
])

// oxfmt-ignore
scenario('on a split the larger part keeps the id; the other takes its founder’s earlier one, and the redirect ends', [
  ['day 1 10:00', 'Ana, with many devices', [page('a-1'), login('a-1', 'ana@home.example'), login('a-2', 'ana@home.example'), login('a-3', 'ana@home.example')],
    '#a-1: a-1..3 ana@home'],
  ['day 2 10:00', 'Ben, with one', [page('b-1'), signUp('b-1', 'ben@home.example')],
    '#a-1: a-1..3 ana@home | #b-1: b-1 ben@home'],
  ['day 3 10:00', 'said to be the same', same('v-1', 'a-1..3 ana@home', 'b-1 ben@home'),
    '#a-1: a-1..3 ana@home b-1 ben@home', { says: ['merged #a-1 < #b-1'] }],
  ['day 4 10:00', 'and to be different after all', different('v-2', 'a-1..3 ana@home', 'b-1 ben@home'),
    '#a-1: a-1..3 ana@home | #b-1: b-1 ben@home', { says: ['split #b-1 < #a-1', 'updated #a-1'] }],
])

// oxfmt-ignore
scenario('where the larger part keeps an id that the smaller founded, the smaller gets a new one', [
  ['day 1 10:00', 'a tablet in a shop', page('tablet'),
    '#tablet: tablet'],
  ['day 1 11:00', 'Ana logs in there and elsewhere', [pageAs('tablet', 'u-ana'), pageAs('a-1', 'u-ana'), pageAs('a-2', 'u-ana')],
    '#tablet: tablet a-1 a-2 user:u-ana'],
  ['day 2 10:00', 'Ben logs in there: it is nobody’s, and her profile keeps the id', [page('b-1'), pageAs('b-1', 'u-ben'), pageAs('tablet', 'u-ben')],
    "#tablet: a-1 a-2 user:u-ana | #tablet': tablet | #b-1: b-1 user:u-ben", { shared: 'tablet' }],
  ['day 3 10:00', 'Ben’s account is erased: the tablet is hers again, and its own id gives way', erase('user:u-ben'),
    '#tablet: tablet a-1 a-2 user:u-ana | #b-1: b-1', { shared: '', says: ["merged #tablet < #tablet'", 'updated #b-1'] }],
])

// oxfmt-ignore
scenario('one message takes a member from one profile to another, and both keep their ids', [
  ['day 1 10:00', 'a tablet in a shop', page('tablet'),
    '#tablet: tablet'],
  ['day 1 11:00', 'Ana uses it; Ben leaves his address there', [pageAs('tablet', 'u-ana'), pageAs('a-1', 'u-ana'), pageAs('a-2', 'u-ana'), login('tablet', 'ben@home.example')],
    '#tablet: tablet a-1 a-2 user:u-ana ben@home'],
  ['day 2 10:00', 'Ben, on a device of his own', [page('b-1'), pageAs('b-1', 'u-ben')],
    '#tablet: tablet a-1 a-2 user:u-ana ben@home | #b-1: b-1 user:u-ben'],
  ['day 3 10:00', 'he says who he is: the tablet is nobody’s, and his address goes to his profile', identify('tablet', { userId: 'u-ben', email: 'ben@home.example' }),
    "#tablet: a-1 a-2 user:u-ana | #tablet': tablet | #b-1: b-1 user:u-ben ben@home",
    { shared: 'tablet', says: ['updated #b-1 < #tablet', "split #tablet' < #tablet", 'updated #tablet'] }],
])

// oxfmt-ignore
const merges: readonly Row[] = [
  ['day 1 10:00', 'four devices', [page('c-1'), page('c-2'), page('c-3'), page('c-4')],
    'each c-1..4'],
  ['day 2 10:00', 'one after the other turns out to be Ana’s, the latest first', [
    pageAs('c-4', 'u-ana'), pageAs('c-3', 'u-ana'), pageAs('c-2', 'u-ana'), pageAs('c-1', 'u-ana')],
    '#c-1: c-1..4 user:u-ana'],
  ['day 3 10:00', 'a devices is found to be another’s', different('v-1', 'c-1 c-2 c-4 user:u-ana', 'c-3'),
    '#c-1: c-1 c-2 c-4 user:u-ana | #c-3: c-3'],
  ['day 4 10:00', 'or not', undo('v-1'),
    '#c-1: c-1..4 user:u-ana'],
]

scenario('an id that gave way twice', merges)

test('every id ever given leads to the profile that answers now, until all behind it is erased', () => {
  const set = stage(
    [...merges, ['day 5 10:00', 'all of it is erased', erase('c-1..4 user:u-ana'), '']],
    {},
  )
  const graph = newGraph(set.policy, set.extraction, set.facts)
  const ids = new Set<string>()
  const lead = set.steps.map((step) => {
    playStep(graph, step)
    for (const id of graph.view.profiles.keys()) ids.add(id)
    return new Set([...ids].map((id) => leadsTo(graph, id)))
  })
  const first = graph.view.changes[0]?.profile
  expect(ids.size).toBe(4)
  expect(lead.map((live) => live.size)).toEqual([4, 1, 2, 1, 1])
  expect(lead[3]).toEqual(new Set([first]))
  expect(lead[4]).toEqual(new Set([null]))
})

test('the id of who was erased is never given to anybody again', () => {
  const set = stage(
    [
      ['day 1 10:00', 'a device', page('c-1'), 'c-1'],
      ['day 2 10:00', 'is erased', erase('c-1'), ''],
      ['day 3 10:00', 'and comes again', page('c-1'), 'c-1'],
    ],
    {},
  )
  const graph = newGraph(set.policy, set.extraction, set.facts)
  const [first, erased, again] = set.steps.map((step) => {
    playStep(graph, step)
    return graph.view.node(set.names.keyOf('c-1'))?.profile
  })
  expect(erased).toBeUndefined()
  expect(again).not.toBe(first)
  expect(leadsTo(graph, first ?? '')).toBeNull()
})

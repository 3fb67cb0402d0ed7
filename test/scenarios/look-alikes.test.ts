// Stage B, who looks the same: under a threshold that shared witnesses reach, which by default they never do.
import { different, erase, quarantine, release } from './decrees.ts'
import { each, IPHONE, LAPTOP, login, page, pageAs, signUp } from './messages.ts'
import { type Row, scenario } from './scenario.ts'

/** Same device and same ip within some hours make 0.72. Pairs below the threshold are nobody's question here. */
const settings = { thresholds: { merge: 0.7, question: 0.7 } }

/** The laptop, where the browser keeps its GPU to itself. */
const BARE = { ...LAPTOP, gpu: undefined }

const alike = { ip: '203.0.113.9', device: LAPTOP }
const elsewhere = { ip: '198.51.100.7', device: LAPTOP }

// oxfmt-ignore
scenario('under the default threshold nobody is joined by device and address, however much alike', [
  ['day 1 10:00', 'a visitor', page('c-1', alike),
    'c-1'],
  ['day 1 10:30', 'with cleared cookies', page('c-2', alike),
    'c-1 | c-2'],
], { settings: { thresholds: { question: 0.85 } } })

// oxfmt-ignore
scenario('two that are each the other’s best are joined', [
  ['day 1 10:00', 'a visitor', page('c-1', alike),
    '#c-1: c-1'],
  ['day 1 10:30', 'with cleared cookies', page('c-2', alike),
    '#c-1: c-1 c-2', { says: ['updated #c-1'] }],
  ['day 2 10:00', 'who logs in: the whole profile has a name', login('c-2', 'ana@home.example', alike),
    '#c-1: c-1 c-2 ana@home'],
], { settings })

// oxfmt-ignore
scenario('the address alone, or the device alone, is not enough', [
  ['day 1 10:00', 'a laptop', page('c-1', alike),
    'c-1'],
  ['day 1 10:10', 'a phone in the same house', page('c-2', { ip: '203.0.113.9', device: IPHONE }),
    'c-1 | c-2'],
  ['day 1 10:20', 'an alike laptop elsewhere', page('c-3', elsewhere),
    'c-1 | c-2 | c-3'],
], { settings })

// oxfmt-ignore
scenario('evidence ages by the gap it bridges: in the morning and at night on one address', [
  ['day 1 08:00', 'a visitor', page('c-1', alike),
    'c-1'],
  ['day 1 20:00', 'twelve hours later', page('c-2', alike),
    'c-1 | c-2'],
  ['day 1 19:00', 'a page of the first is told late: one hour', page('c-1', alike),
    'c-1 c-2'],
], { settings })

// oxfmt-ignore
scenario('where a third is nearly as much alike, the steward is asked', [
  ['day 1 10:00', 'two', [page('c-1', alike), page('c-2', alike)],
    'c-1 c-2'],
  ['day 1 10:30', 'and a third, as much alike: each asks about its best, ties by key', page('c-3', alike),
    'c-1 | c-2 | c-3', { asks: ['margin c-1 ? c-2', 'margin c-1 ? c-3'] }],
  ['day 2 10:00', 'it is not the first', different('v-1', 'c-1', 'c-3'),
    'c-1 | c-2 | c-3', { asks: ['margin c-1 ? c-2', 'margin c-2 ? c-3'] }],
  ['day 2 11:00', 'nor the second: it does not compete any more', different('v-2', 'c-2', 'c-3'),
    'c-1 c-2 | c-3', { asks: [] }],
], { settings })

// oxfmt-ignore
scenario('who is refused by a guard does not compete', [
  ['day 1 10:00', 'Ana and Ben on alike laptops in one house', [pageAs('c-ana', 'u-ana', alike), pageAs('c-ben', 'u-ben', alike)],
    'c-ana user:u-ana | c-ben user:u-ben'],
  ['day 2 10:00', 'Ana elsewhere', page('c-ana', elsewhere),
    'c-ana user:u-ana | c-ben user:u-ben'],
  ['day 2 10:20', 'and there with cleared cookies: Ben, as near, cannot be her', page('c-new', elsewhere),
    'c-ana c-new user:u-ana | c-ben user:u-ben'],
], { settings })

// oxfmt-ignore
scenario('on a day with more than ten people an address counts half, and makes no candidates', [
  ['day 1 10:00', 'two alike', [page('c-1', alike), page('c-2', alike)],
    'c-1 c-2'],
  ['day 1 11:00', 'eight others on the address', each(8, (n) => page(`p-${n}`, { ip: '203.0.113.9' })),
    'c-1 c-2 | each p-1..8'],
  ['day 1 12:00', 'the eleventh: what joined the two comes apart', page('p-9', { ip: '203.0.113.9' }),
    'each c-1..2 | each p-1..9'],
  ['day 9 10:00', 'a calm day counts', [page('c-1', elsewhere), page('c-2', elsewhere)],
    'c-1 c-2 | each p-1..9'],
], { settings })

// oxfmt-ignore
scenario('the same for a device that many have', [
  ['day 1 10:00', 'two alike', [page('c-1', alike), page('c-2', alike)],
    'c-1 c-2'],
  ['day 1 11:00', 'nine with phones of that make elsewhere', each(9, (n) => page(`p-${n}`, { device: LAPTOP })),
    'each c-1..2 | each p-1..9'],
], { settings })

// oxfmt-ignore
scenario('a device signature without screen or GPU weighs half: too many devices have it', [
  ['day 1 10:00', 'two alike, as far as they tell', [page('c-1', { ip: '203.0.113.9', device: BARE }), page('c-2', { ip: '203.0.113.9', device: BARE })],
    'each c-1..2'],
  ['day 1 10:10', 'two that tell less are not compared with those that tell more', [page('c-3', alike), page('c-4', alike)],
    'each c-1..2 | c-3 c-4'],
], { settings })

// oxfmt-ignore
scenario('a crowd is counted in people: twenty-one cookies of one login are one', [
  ['day 1 09:00', 'a monitor that logs in every minute', each(21, (n) => pageAs(`bot-${n}`, 'u-monitor', { ip: '203.0.113.9' })),
    'each bot-1..21 user:u-monitor'],
  ['day 1 10:00', 'does not keep two from being joined', [page('c-1', alike), page('c-2', alike)],
    'c-1 c-2 | each bot-1..21 user:u-monitor'],
], { settings })

// oxfmt-ignore
scenario('a crowd that turns out to be fewer people counts again', [
  ['day 1 10:00', 'two alike', [page('c-1', alike), page('c-2', alike)],
    'c-1 c-2'],
  ['day 1 11:00', 'nine more on the address', each(9, (n) => page(`p-${n}`, { ip: '203.0.113.9' })),
    'each c-1..2 p-1..9'],
  ['day 2 10:00', 'all nine have typed one e-mail: one profile, but nobody says that it is theirs', each(9, (n) => signUp(`p-${n}`, 'pia@home.example')),
    'each c-1..2 | p-1..9 pia@home'],
  ['day 3 10:00', 'logged in with it: they are one in the crowd', each(9, (n) => login(`p-${n}`, 'pia@home.example')),
    'c-1 c-2 | p-1..9 pia@home'],
], { settings })

// oxfmt-ignore
scenario('erasing one of eleven makes the day of the other ten count', [
  ['day 1 10:00', 'two alike', [page('c-1', alike), page('c-2', alike)],
    'c-1 c-2'],
  ['day 1 11:00', 'nine more on the address', each(9, (n) => page(`p-${n}`, { ip: '203.0.113.9' })),
    'each c-1..2 p-1..9'],
  ['day 2 10:00', 'one is erased', erase('p-1'),
    'c-1 c-2 | each p-2..9'],
], { settings })

// oxfmt-ignore
scenario('a day that counts again does so only until somebody else makes it a crowd', [
  ['day 1 10:00', 'two alike', [page('c-1', alike), page('c-2', alike)],
    'c-1 c-2'],
  ['day 1 11:00', 'nine more on the address', each(9, (n) => page(`p-${n}`, { ip: '203.0.113.9' })),
    'each c-1..2 p-1..9'],
  ['day 2 10:00', 'one is erased', erase('p-1'),
    'c-1 c-2 | each p-2..9'],
  ['day 1 12:00', 'another one is told late', page('p-10', { ip: '203.0.113.9' }),
    'each c-1..2 p-2..10'],
], { settings })

const fourAlike = [
  ['day 1 23:10', 'two alike', [page('c-1', alike), page('c-2', alike)], 'c-1 c-2'],
  [
    'day 2 01:10',
    'after midnight two more, nearly as much alike',
    [page('c-3', alike), page('c-4', alike)],
    'each c-1..4',
    { asks: ['margin c-1 ? c-2', 'margin c-3 ? c-4'] },
  ],
] satisfies Row[]

// oxfmt-ignore
scenario('a day that has become a crowd stands in the way of nobody seen the day before', [
  ...fourAlike,
  ['day 2 02:00', 'and nine that have logged in', each(9, (n) => pageAs(`p-${n}`, `u-${n}`, alike)),
    'c-1 c-2 | c-3 | c-4 | p-1 user:u-1 | p-2 user:u-2 | p-3 user:u-3 | p-4 user:u-4 | p-5 user:u-5 | p-6 user:u-6 | p-7 user:u-7 | p-8 user:u-8 | p-9 user:u-9', { asks: [] }],
], { settings })

// oxfmt-ignore
scenario('who is erased is in nobody’s way', [
  ...fourAlike,
  ['day 3 10:00', 'the two are erased', erase('c-3 c-4'),
    'c-1 c-2', { asks: [] }],
], { settings })

// oxfmt-ignore
scenario('who is quarantined is in nobody’s way', [
  ...fourAlike,
  ['day 3 10:00', 'one of the two', quarantine('c-3'),
    'each c-1..4', { asks: ['margin c-1 ? c-2', 'margin c-1 ? c-4'] }],
  ['day 3 11:00', 'the other', quarantine('c-4'),
    'c-1 c-2 | c-3 | c-4', { asks: [] }],
  ['day 3 12:00', 'it is back', release('c-4'),
    'each c-1..4', { asks: ['margin c-1 ? c-2', 'margin c-1 ? c-4'] }],
], { settings })

// oxfmt-ignore
scenario('who turns out to be shared is in nobody’s way', [
  ...fourAlike,
  ['day 3 10:00', 'two tablets', [pageAs('c-3', 'u-ana'), pageAs('c-3', 'u-ben'), pageAs('c-4', 'u-cem'), pageAs('c-4', 'u-dor')],
    'c-1 c-2 | c-3 | c-4 | user:u-ana | user:u-ben | user:u-cem | user:u-dor', { asks: [], shared: 'c-3 | c-4' }],
], { settings })

/** Places where the two cookies of somebody are seen alike, each of somebody else. */
const place = (n: number) => ({ ip: `192.0.2.${n}`, device: { ...IPHONE, locale: `xx-${n}` } })
const byAddress = { ip: alike.ip }
const byDevice = { device: LAPTOP }

// oxfmt-ignore
scenario('two that are joined are as much alike as both together, for the margin too', [
  ['day 1 10:00', 'one cookie, and the device of another', [page('c-1', alike), page('m-2', byDevice)],
    'c-1 | m-2'],
  ['day 1 15:00', 'a third on the address, five hours later', page('m-1', byAddress),
    'c-1 | m-1 | m-2'],
  ['day 1 20:00', 'is the second: together 0.69', [page('m-1', place(1)), page('m-2', place(1))],
    'c-1 | m-1 m-2'],
  ['day 101 10:00', 'long after, two others', [page('c-1', alike), page('b-1', byAddress), page('b-2', byDevice)],
    'c-1 | m-1 m-2 | b-1 | b-2'],
  ['day 101 20:00', 'are one: together 0.72', [page('b-1', place(2)), page('b-2', place(2))],
    'c-1 | m-1 m-2 | b-1 b-2', { asks: ['margin c-1 ? b-1'] }],
], { settings })

// oxfmt-ignore
scenario('whose best falls apart turns to the next, though each half of it is little alike', [
  ['day 1 10:00', 'two cookies of one', [page('x-1', byAddress), page('x-2', byDevice), page('x-1', place(1)), page('x-2', place(1))],
    'x-1 x-2'],
  ['day 1 10:30', 'and of another', [page('m-1', byAddress), page('m-2', byDevice), page('m-1', place(2)), page('m-2', place(2))],
    'x-1 x-2 m-1 m-2'],
  ['day 101 10:00', 'a third, as the other is', [page('c-1', alike), page('m-2', byDevice)],
    'x-1 x-2 m-1 m-2 | c-1'],
  ['day 101 13:00', 'but three hours later: 0.704', page('m-1', byAddress),
    'x-1 x-2 | m-1 m-2 | c-1', { asks: ['margin m-1 ? x-1', 'margin m-1 ? c-1'] }],
  ['day 201 10:00', 'a fourth, more like the third', [page('c-1', alike), page('b-1', byAddress), page('b-2', byDevice), page('b-1', place(3)), page('b-2', place(3))],
    'x-1 x-2 | m-1 m-2 | c-1 | b-1 b-2', { asks: ['margin m-1 ? x-1', 'margin c-1 ? b-1'] }],
  ['day 201 11:00', 'of whom it is not sure any more that it is one', page('d-1', place(3)),
    'x-1 x-2 | m-1 m-2 | c-1 | b-1 | b-2 | d-1', { asks: ['margin m-1 ? x-1', 'margin m-1 ? c-1', 'margin b-1 ? d-1', 'margin b-2 ? d-1'] }],
], { settings })

// oxfmt-ignore
scenario('a quarantined witness says nothing', [
  ['day 1 10:00', 'two alike', [page('c-1', alike), page('c-2', alike)],
    'c-1 c-2'],
  ['day 2 10:00', 'the address is a proxy’s', quarantine('ip:203.0.113.9'),
    'c-1 | c-2'],
  ['day 3 10:00', 'it is not', release('ip:203.0.113.9'),
    'c-1 c-2'],
], { settings })

// oxfmt-ignore
scenario('a shared tablet looks like nobody', [
  ['day 1 10:00', 'a tablet', [pageAs('tablet', 'u-ana', alike), pageAs('tablet', 'u-ben', alike)],
    'tablet | user:u-ana | user:u-ben', { shared: 'tablet' }],
  ['day 1 10:30', 'a cookie like it', page('c-1', alike),
    'tablet | user:u-ana | user:u-ben | c-1'],
], { settings })

// oxfmt-ignore
scenario('two sites: the same device and address are worth 0.5 across, not 0.72', [
  ['day 1 10:00', 'the shop', page('c-1', alike),
    'c-1'],
  ['day 1 10:10', 'the blog', { ...page('c-2', alike), site: 'blog' },
    'c-1 | c-2'],
  ['day 1 10:20', 'who comes to the shop', page('c-2', alike),
    'c-1 c-2'],
], { settings })

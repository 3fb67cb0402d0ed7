// The ways in which strangers come to be one profile, first part: identifiers that are not one person's.
import { quarantine } from './decrees.ts'
import {
  alias,
  buy,
  each,
  identify,
  IPHONE,
  login,
  page,
  pageAs,
  signUp,
  track,
} from './messages.ts'
import { scenario } from './scenario.ts'

const PLACEHOLDERS = [
  'null',
  'undefined',
  '0',
  '-1',
  'anonymous',
  'guest',
  '[object Object]',
  'NaN',
  'none',
  'test',
  '"null"',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '{{user.id}}',
  'Unknown ',
  'aaaaaaaa',
]

// oxfmt-ignore
scenario('1. a placeholder sent as user id, cookie or e-mail for everybody is no identifier', [
  ['day 1 10:00', 'each visitor with a placeholder for a user id', PLACEHOLDERS.flatMap((junk, n) => [pageAs(`a-${n + 1}`, junk), pageAs(`b-${n + 1}`, junk)]),
    'each a-1..16 b-1..16'],
  ['day 2 10:00', 'each user with a placeholder for a cookie', PLACEHOLDERS.map((junk, n) => pageAs(junk, `u-${n + 1}`)),
    'each a-1..16 b-1..16 user:u-1..16'],
  ['day 3 10:00', 'each visitor with the e-mail of nobody', [
    signUp('a-1', 'test@test.com'), signUp('a-2', 'test@test.com'), signUp('a-3', 'none@acme.example'), signUp('a-4', 'none@acme.example'), signUp('a-5', 'null')],
    'each a-1..16 b-1..16 user:u-1..16'],
  ['day 4 10:00', 'and a phone that was typed to be let through', [
    track('a-1', 'Form Submitted', { phone: '+491511111111' }), track('a-2', 'Form Submitted', { phone: '+491511111111' })],
    'each a-1..16 b-1..16 user:u-1..16'],
])

// oxfmt-ignore
scenario('2. a shared device: an agent logs customers in at a call centre’s terminal, one after the other', [
  ['day 1 08:00', 'customers at home', each(4, (n) => pageAs(`c-${n}`, `u-${n}`)),
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3 | c-4 user:u-4'],
  ['day 1 10:00', 'the first calls', pageAs('terminal', 'u-1'),
    'c-1 user:u-1 terminal | c-2 user:u-2 | c-3 user:u-3 | c-4 user:u-4'],
  ['day 1 10:10', 'the others', [pageAs('terminal', 'u-2'), pageAs('terminal', 'u-3'), pageAs('terminal', 'u-4')],
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3 | c-4 user:u-4 | terminal', { shared: 'terminal' }],
  ['day 1 11:00', 'nobody has said yet who calls', page('terminal'),
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3 | c-4 user:u-4 | terminal'],
], { owners: { 'day 1 10:00': 'user:u-1', 'day 1 11:00': 'nobody' } })

// oxfmt-ignore
scenario('3. a shared e-mail or phone: what a family has together does not weld its members', [
  ['day 1 10:00', 'Ana and Ben have user ids', [identify('c-ana', { userId: 'u-ana', email: 'fam@home.example' }), pageAs('c-ben', 'u-ben')],
    'c-ana user:u-ana fam@home | c-ben user:u-ben'],
  ['day 2 10:00', 'Ben orders with the family’s e-mail: a question, not a merge', buy('c-ben', 'fam@home.example'),
    'c-ana user:u-ana fam@home | c-ben user:u-ben', { asks: ['unique_namespace c-ana ? c-ben'] }],
  ['day 3 10:00', 'and leaves the family’s phone, as Ana does', [
    track('c-ana', 'Form Submitted', { phone: '+4915123477889' }), track('c-ben', 'Form Submitted', { phone: '+4915123477889' })],
    'c-ana user:u-ana fam@home +4915123477889 | c-ben user:u-ben'],
])

// oxfmt-ignore
scenario('3. a shared e-mail: an id typed at the till for everybody does not vouch for their e-mails', [
  ['day 1 10:00', 'thirty customers', each(30, (n) => login(`c-${n}`, `m${n}@home.example`)),
    Array.from({ length: 30 }, (_, i) => `c-${i + 1} m${i + 1}@home`).join(' | ')],
  ['day 2 10:00', 'get one card number on one day', each(30, (n) => identify(`c-${n}`, { email: `m${n}@home.example` }, { externalIds: [{ id: '999999-JOHNSON', type: 'loyalty', collection: 'users' }] })),
    `${Array.from({ length: 30 }, (_, i) => `c-${i + 1} m${i + 1}@home`).join(' | ')} | loyalty:999999-JOHNSON`],
  ['day 3 10:00', 'one logs in at another’s', login('c-1', 'm2@home.example'),
    `${Array.from({ length: 30 }, (_, i) => `c-${i + 1} m${i + 1}@home`).join(' | ')} | loyalty:999999-JOHNSON`, { asks: ['two_logins c-1 ? c-2'] }],
])

// oxfmt-ignore
scenario('4. one address for a whole office, campus or carrier joins nobody, whatever the threshold', [
  ['day 1 10:00', 'three hundred phones behind one address', each(300, (n) => page(`mob-${n}`, { ip: '203.0.113.9', device: IPHONE })),
    'each mob-1..300'],
  ['day 1 11:00', 'one of them logs in', login('mob-1', 'ana@home.example', { ip: '203.0.113.9' }),
    'mob-1 ana@home | each mob-2..300'],
], { settings: { thresholds: { merge: 0.4, question: 0.4 } } })

// oxfmt-ignore
scenario('5. identical device signatures: every iPhone answers alike', [
  ['day 1 10:00', 'fifty of them, each at home', each(50, (n) => page(`c-${n}`, { ip: `198.51.100.${n}`, device: IPHONE })),
    'each c-1..50'],
], { settings: { thresholds: { merge: 0.4, question: 0.4 } } })

// oxfmt-ignore
scenario('6. a promiscuous identifier discovered late: what it had glued comes apart again', [
  ['day 1 10:00', 'twenty visitors with a first order each', each(20, (n) => buy(`c-${n}`, `m${n}@home.example`)),
    Array.from({ length: 20 }, (_, i) => `c-${i + 1} m${i + 1}@home`).join(' | ')],
  ['day 5 10:00', 'three type the e-mail of the newsletter’s sender', each(3, (n) => signUp(`c-${n}`, 'mira@shop.example')),
    `c-1 m1@home mira@shop | ${Array.from({ length: 19 }, (_, i) => `c-${i + 2} m${i + 2}@home`).join(' | ')}`,
    { asks: ['two_logins c-1 ? c-2', 'two_logins c-1 ? c-3'] }],
  ['day 5 11:00', 'all of them, and one more', [
    ...each(17, (n) => signUp(`c-${n + 3}`, 'mira@shop.example')), signUp('c-new', 'mira@shop.example')],
    `c-new | mira@shop | ${Array.from({ length: 20 }, (_, i) => `c-${i + 1} m${i + 1}@home`).join(' | ')}`, { asks: [] }],
])

// oxfmt-ignore
scenario('7. chains of modest likeness: A like B and B like C does not make A and C one', [
  ['day 1 10:00', 'A and B in the morning on one address', [page('c-a1', { ip: '203.0.113.9', device: IPHONE }), page('c-b1', { ip: '203.0.113.9', device: IPHONE })],
    'c-a1 c-b1'],
  ['day 1 12:00', 'B and C at noon on another: B is as much like C as like A', [page('c-b1', { ip: '198.51.100.7', device: IPHONE }), page('c-c1', { ip: '198.51.100.7', device: IPHONE })],
    'c-a1 | c-b1 | c-c1', { asks: ['margin c-a1 ? c-b1', 'margin c-b1 ? c-c1'] }],
], { settings: { thresholds: { merge: 0.7, question: 0.7 } } })

// oxfmt-ignore
scenario('10. a re-issued loyalty card: declared in the configuration to change hands after a year', [
  ['day 1 10:00', 'Ana’s card', identify('c-ana', { loyaltyId: 'card-0815', email: 'ana@home.example' }),
    'c-ana ana@home loyalty_card:card-0815'],
  ['day 500 10:00', 'Ben’s card', identify('c-ben', { loyaltyId: 'card-0815', email: 'ben@home.example' }),
    'c-ana ana@home | c-ben ben@home loyalty_card:card-0815'],
], { settings: { identifierTypes: { loyalty_card: { role: 'member', from: ['traits.loyaltyId'], reassignedAfterDays: 365 } } } })

// oxfmt-ignore
scenario('11. a cookie reused across people: rendered on the server once, cached, and sent to everybody', [
  ['day 1 10:00', 'the first to log in', pageAs('cached', 'u-1'),
    'cached user:u-1'],
  ['day 1 10:01', 'and all others', each(40, (n) => pageAs('cached', `u-${n}`)),
    'cached | each user:u-1..40', { shared: 'cached' }],
  ['day 1 10:02', 'who have cookies of their own as well', each(40, (n) => pageAs(`c-${n}`, `u-${n}`)),
    `cached | ${Array.from({ length: 40 }, (_, i) => `c-${i + 1} user:u-${i + 1}`).join(' | ')}`],
])

// oxfmt-ignore
scenario('11. a cookie hard-coded in a test names more people than can be one’s, with no id that is unique', [
  ['day 1 10:00', 'numbers of a system of which a person may have several', each(20, (n) => page('hard-coded', { externalIds: [{ id: `x-${n}`, type: 'ticket', collection: 'users' }] })),
    'hard-coded ticket:x-1..20'],
  ['day 1 11:00', 'one more than a cookie may name', page('hard-coded', { externalIds: [{ id: 'x-21', type: 'ticket', collection: 'users' }] }),
    'hard-coded | each ticket:x-1..21', { shared: 'hard-coded' }],
  ['day 2 10:00', 'some of the numbers were a test’s, and are put into quarantine', quarantine('ticket:x-21'),
    'hard-coded ticket:x-1..20 | ticket:x-21', { shared: '' }],
])

// oxfmt-ignore
scenario('13. alias misuse: a merge that would be for good elsewhere', [
  ['day 1 10:00', 'Ana and Ben, both logged in', [identify('c-ana', { userId: 'u-ana' }), identify('c-ben', { userId: 'u-ben' })],
    'c-ana user:u-ana | c-ben user:u-ben'],
  ['day 2 10:00', 'a support tool "repairs" them', [alias('u-ana', 'u-ben'), alias('u-ben', 'u-ana')],
    'c-ana user:u-ana | c-ben user:u-ben', { asks: ['unique_namespace c-ana ? c-ben'] }],
])

// oxfmt-ignore
scenario('14. spellings of one value are one, and values that differ in case only stay two where case matters', [
  ['day 1 10:00', 'one mailbox in many spellings', [
    signUp('c-1', 'ana.berg@gmail.com'), signUp('c-2', 'AnaBerg@Gmail.com '), signUp('c-3', 'a.n.a.berg+shop@googlemail.com')],
    'c-1..3 anaberg@gmail.com'],
  ['day 1 11:00', 'elsewhere dots and plus signs count', [
    signUp('c-4', 'ana.berg@home.example'), signUp('c-5', 'anaberg@home.example'), signUp('c-6', 'ana.berg+shop@home.example'), signUp('c-7', 'Ana.Berg@Home.example')],
    'c-1..3 anaberg@gmail.com | c-4 c-7 ana.berg@home | c-5 anaberg@home | c-6 ana.berg+shop@home'],
  ['day 1 12:00', 'ids of other systems differ by case', [pageAs('c-8', 'a7Xk'), pageAs('c-9', 'A7xK')],
    'c-1..3 anaberg@gmail.com | c-4 c-7 ana.berg@home | c-5 anaberg@home | c-6 ana.berg+shop@home | c-8 user:a7Xk | c-9 user:A7xK'],
  ['day 1 13:00', 'a phone without its country is nobody’s', [
    track('d-1', 'Form Submitted', { phone: '0151 23477889' }), track('d-2', 'Form Submitted', { phone: '0151 23477889' })],
    'c-1..3 anaberg@gmail.com | c-4 c-7 ana.berg@home | c-5 anaberg@home | c-6 ana.berg+shop@home | c-8 user:a7Xk | c-9 user:A7xK | d-1 | d-2'],
])

// oxfmt-ignore
scenario('20. a household merged as one person: the same address and alike devices make two profiles', [
  ['day 1 19:00', 'two at home, on alike phones', [
    page('c-ana', { ip: '203.0.113.9', device: IPHONE }), page('c-ben', { ip: '203.0.113.9', device: IPHONE })],
    'c-ana | c-ben'],
  ['day 1 19:30', 'both log in', [
    login('c-ana', 'ana@home.example', { ip: '203.0.113.9', device: IPHONE }), login('c-ben', 'ben@home.example', { ip: '203.0.113.9', device: IPHONE })],
    'c-ana ana@home | c-ben ben@home'],
  ['day 2 19:00', 'one postal address in both orders says nothing of who they are', [
    track('c-ana', 'Order Completed', { email: 'ana@home.example', address: 'Ring 1' }), track('c-ben', 'Order Completed', { email: 'ben@home.example', address: 'Ring 1' })],
    'c-ana ana@home | c-ben ben@home'],
], { settings: { thresholds: { question: 0.85 } } })

// E-mails and phones of several people: a store's own address typed at its till, a family's mailbox, an office's number.
import { erase, quarantine, release } from './decrees.ts'
import { each, identify, login, signUp, track } from './messages.ts'
import { scenario } from './scenario.ts'

const STORE = 'kasse7@shop.example'
const crm = (...ids: readonly string[]) => ({
  externalIds: ids.map((id) => ({ id, type: 'CRM', collection: 'users' })),
})

// oxfmt-ignore
scenario('a store’s e-mail, typed at the till for customers who give none, one by one over the days', [
  ['day 1 10:00', 'customers with an account and a phone', each(4, (n) => identify(`c-${n}`, { userId: `u-${n}`, phone: `+49151234778${n}0` })),
    'c-1 user:u-1 +4915123477810 | c-2 user:u-2 +4915123477820 | c-3 user:u-3 +4915123477830 | c-4 user:u-4 +4915123477840'],
  ['day 2 10:00', 'the first at the till', identify(null, { userId: 'u-1', email: STORE }),
    'c-1 user:u-1 +4915123477810 kasse7@shop | c-2 user:u-2 +4915123477820 | c-3 user:u-3 +4915123477830 | c-4 user:u-4 +4915123477840'],
  ['day 3 10:00', 'the second: a couple has one mailbox at times', identify(null, { userId: 'u-2', email: STORE }),
    'c-1 user:u-1 +4915123477810 kasse7@shop | c-2 user:u-2 +4915123477820 | c-3 user:u-3 +4915123477830 | c-4 user:u-4 +4915123477840',
    { asks: ['unique_namespace c-1 ? c-2'] }],
  ['day 4 10:00', 'the third: it is nobody’s, and there is nothing to ask', identify(null, { userId: 'u-3', email: STORE }),
    'c-1 user:u-1 +4915123477810 | c-2 user:u-2 +4915123477820 | c-3 user:u-3 +4915123477830 | c-4 user:u-4 +4915123477840 | kasse7@shop',
    { asks: [], says: ['updated #+4915123477810', 'split #kasse7@shop < #+4915123477810'] }],
  ['day 5 10:00', 'one without an account leaves a phone', track('c-5', 'Form Submitted', { email: STORE, phone: '+4915123477850' }),
    'c-1 user:u-1 +4915123477810 | c-2 user:u-2 +4915123477820 | c-3 user:u-3 +4915123477830 | c-4 user:u-4 +4915123477840 | kasse7@shop | c-5 +4915123477850'],
  ['day 6 10:00', 'the manager logs in with it', login('c-office', STORE),
    'c-1 user:u-1 +4915123477810 | c-2 user:u-2 +4915123477820 | c-3 user:u-3 +4915123477830 | c-4 user:u-4 +4915123477840 | kasse7@shop | c-5 +4915123477850 | c-office'],
], { owners: { 'day 4 10:00': 'user:u-3', 'day 6 10:00': 'kasse7@shop' } })

// oxfmt-ignore
scenario('an e-mail with two numbers of the CRM is one person’s, entered twice; a third one is one too many until it is out', [
  ['day 1 10:00', 'Ana logs in', login('c-ana', 'ana@home.example'),
    'c-ana ana@home'],
  ['day 2 10:00', 'the CRM knows her', identify(null, { userId: 'u-ana', email: 'ana@home.example' }, crm('7')),
    '#c-ana: c-ana ana@home user:u-ana crm:7'],
  ['day 3 10:00', 'twice', identify(null, { userId: 'u-ana', email: 'ana@home.example' }, crm('8')),
    'c-ana ana@home user:u-ana crm:7 | crm:8', { asks: ['unique_namespace c-ana ? crm:8'] }],
  ['day 4 10:00', 'and once more', identify(null, { userId: 'u-ana', email: 'ana@home.example' }, crm('9')),
    'c-ana | ana@home | user:u-ana crm:7 | crm:8 | crm:9', { asks: ['unique_namespace crm:7 ? crm:8', 'unique_namespace crm:7 ? crm:9'] }],
  ['day 5 10:00', 'that number was a mistake: all is as it was, with the old id', quarantine('crm:9'),
    '#c-ana: c-ana ana@home user:u-ana crm:7 | #crm:8: crm:8 | #crm:9: crm:9', { asks: ['unique_namespace c-ana ? crm:8'] }],
  ['day 6 10:00', 'no, it was not', release('crm:9'),
    'c-ana | ana@home | user:u-ana crm:7 | crm:8 | crm:9', { asks: ['unique_namespace crm:7 ? crm:8', 'unique_namespace crm:7 ? crm:9'] }],
  ['day 7 10:00', 'its owner wants to be forgotten', erase('crm:9'),
    '#c-ana: c-ana ana@home user:u-ana crm:7 | #crm:8: crm:8', { asks: ['unique_namespace c-ana ? crm:8'] }],
])

// oxfmt-ignore
scenario('a shared e-mail does not vouch for those it was named with', [
  ['day 1 10:00', 'three people, and the mailbox of their club', each(3, (n) => identify(null, { userId: `u-${n}`, email: `m${n}@home.example` })),
    'user:u-1 m1@home | user:u-2 m2@home | user:u-3 m3@home'],
  ['day 2 10:00', 'which all of them give', each(3, (n) => identify(null, { userId: `u-${n}`, email: 'kegeln@club.example' })),
    'user:u-1 m1@home | user:u-2 m2@home | user:u-3 m3@home | kegeln@club'],
  ['day 3 10:00', 'one tablet sees it with the e-mails of two', [login('tablet', 'm1@home.example'), signUp('tablet', 'kegeln@club.example')],
    'user:u-1 m1@home tablet | user:u-2 m2@home | user:u-3 m3@home | kegeln@club'],
  ['day 4 10:00', 'who log in by turns', [login('tablet', 'm2@home.example'), login('tablet', 'm1@home.example')],
    'user:u-1 m1@home | user:u-2 m2@home | user:u-3 m3@home | kegeln@club | tablet', { shared: 'tablet' }],
])

// oxfmt-ignore
scenario('an office’s number is shared as its e-mail is', [
  ['day 1 10:00', 'three colleagues leave it', each(3, (n) => identify(`c-${n}`, { userId: `u-${n}`, phone: '+4930901820' })),
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3 | +4930901820'],
  ['day 2 10:00', 'a guest as well', track('c-4', 'Form Submitted', { phone: '+4930901820' }),
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3 | c-4 | +4930901820'],
])

// oxfmt-ignore
scenario('a phone that three people had one after the other is each one’s in their time', [
  ['day 1 10:00', 'Ana', identify('c-ana', { userId: 'u-ana', phone: '+4915123477889' }),
    'c-ana user:u-ana +4915123477889'],
  ['day 1000 10:00', 'Ben', identify('c-ben', { userId: 'u-ben', phone: '+4915123477889' }),
    'c-ana user:u-ana | c-ben user:u-ben +4915123477889'],
  ['day 2000 10:00', 'Cleo', identify('c-cleo', { userId: 'u-cleo', phone: '+4915123477889' }),
    'c-ana user:u-ana | c-ben user:u-ben | c-cleo user:u-cleo +4915123477889'],
])

// oxfmt-ignore
scenario('former owners hang together by a number, and come apart when it turns out to be shared', [
  ['day 1 10:00', 'Ana’s two devices', [track('c-ana1', 'Form Submitted', { phone: '+4915123477889' }), track('c-ana2', 'Form Submitted', { phone: '+4915123477889' })],
    'c-ana1..2 +4915123477889'],
  ['day 1000 10:00', 'it is Ben’s now', identify('c-ben', { userId: 'u-ben', phone: '+4915123477889' }),
    'c-ana1..2 | c-ben user:u-ben +4915123477889'],
  ['day 1001 10:00', 'no: a hotline’s', each(2, (n) => identify(null, { userId: `u-${n}`, phone: '+4915123477889' })),
    'c-ana1 | c-ana2 | c-ben user:u-ben | user:u-1 | user:u-2 | +4915123477889'],
])

// oxfmt-ignore
scenario('an id that a crowd has that day does not count, and counts when there was no crowd after all', [
  ['day 1 10:00', 'Ana logs in', login('c-ana', 'ana@home.example'),
    'c-ana ana@home'],
  ['day 2 10:00', 'she has two numbers', [identify(null, { userId: 'u-ana', email: 'ana@home.example' }, crm('7')), identify(null, { userId: 'u-ana', email: 'ana@home.example' }, crm('8'))],
    'c-ana ana@home user:u-ana crm:7 | crm:8', { asks: ['unique_namespace c-ana ? crm:8'] }],
  ['day 5 10:00', 'a broken import gives one number to everybody', each(21, (n) => identify(`v-${n}`, {}, crm('600'))),
    'c-ana ana@home user:u-ana crm:7 | crm:8 | crm:600 | each v-1..21'],
  ['day 5 11:00', 'to her as well', identify(null, { userId: 'u-ana', email: 'ana@home.example' }, crm('600')),
    'c-ana ana@home user:u-ana crm:7 | crm:8 | crm:600 | each v-1..21'],
  ['day 6 10:00', 'one of the crowd is erased: it was none', erase('v-7'),
    'c-ana | ana@home | user:u-ana crm:7 | crm:8 | crm:600 v-1..6 v-8..21',
    { asks: ['unique_namespace crm:7 ? crm:8', 'unique_namespace crm:600 ? crm:7'] }],
])

// oxfmt-ignore
scenario('how many is a setting, and an id of which people have several is none that counts', [
  ['day 1 10:00', 'a mother and her three children at the doctor’s', each(4, (n) => identify(null, { userId: `u-${n}`, email: 'fam@home.example' })),
    'user:u-1 fam@home | user:u-2 | user:u-3 | user:u-4',
    { asks: ['unique_namespace user:u-1 ? user:u-2', 'unique_namespace user:u-1 ? user:u-3', 'unique_namespace user:u-1 ? user:u-4'] }],
  ['day 2 10:00', 'tickets of hers', each(9, (n) => identify('c-1', { email: 'fam@home.example' }, { externalIds: [{ id: `t-${n}`, type: 'ticket', collection: 'users' }] })),
    'user:u-1 fam@home c-1 ticket:t-1..9 | user:u-2 | user:u-3 | user:u-4'],
], { settings: { guards: { idsPerContactMax: 4 } } })

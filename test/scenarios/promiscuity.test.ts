// Promiscuity: an identifier that too many cookies name on one day is void on that day, and only on that day.
import { erase } from './decrees.ts'
import { each, identify, login, page, pageAs, signUp, track } from './messages.ts'
import { scenario } from './scenario.ts'

// oxfmt-ignore
scenario('an e-mail crosses the cap of 20 cookies on one day: what it glued on that day comes apart', [
  ['day 1 10:00', 'two devices of one house', each(2, (n) => signUp(`calm-${n}`, 'fam@home.example')),
    '#calm-1: calm-1..2 fam@home'],
  ['day 4 10:00', 'visitors, each with a profile', each(21, (n) => page(`v-${n}`)),
    '#calm-1: calm-1..2 fam@home | each v-1..21'],
  ['day 5 10:00', 'twenty of them type the e-mail on one day', each(20, (n) => signUp(`v-${n}`, 'fam@home.example')),
    '#calm-1: calm-1..2 fam@home v-1..20 | #v-21: v-21'],
  ['day 5 11:00', 'one more: nobody has 21 cookies a day, so the day is void, and the old ids are back', signUp('v-21', 'fam@home.example'),
    '#calm-1: calm-1..2 fam@home | each v-1..21'],
  ['day 5 12:00', 'that day adds nothing any more', signUp('v-3', 'fam@home.example'),
    '#calm-1: calm-1..2 fam@home | each v-1..21'],
  ['day 9 10:00', 'a calm day counts: one of them means it', signUp('v-3', 'fam@home.example'),
    '#calm-1: calm-1..2 fam@home v-3 | each v-1..2 v-4..21'],
])

// oxfmt-ignore
scenario('the day counts again when sightings of it are erased', [
  ['day 5 10:00', 'twenty cookies', each(20, (n) => signUp(`v-${n}`, 'fam@home.example')),
    'v-1..20 fam@home'],
  ['day 5 11:00', 'twenty-one', signUp('v-21', 'fam@home.example'),
    'each v-1..21 fam@home'],
  ['day 6 10:00', 'one of them is erased', erase('v-7'),
    'v-1..6 v-8..21 fam@home'],
])

// oxfmt-ignore
scenario('a phone is cut like an e-mail', [
  ['day 1 10:00', 'Ana leaves her number', track('c-ana', 'Form Submitted', { phone: '+4915123477889' }),
    'c-ana +4915123477889'],
  ['day 5 10:00', 'a machine fills in forms with it', each(21, (n) => track(`bot-${n}`, 'Form Submitted', { phone: '+4915123477889' })),
    'c-ana +4915123477889 | each bot-1..21'],
])

// oxfmt-ignore
scenario('an external id is cut like an e-mail', [
  ['day 1 10:00', 'Ana logs in', pageAs('c-ana', 'u-ana'),
    'c-ana user:u-ana'],
  ['day 5 10:00', 'a cached page hands her id to everybody', each(21, (n) => pageAs(`v-${n}`, 'u-ana')),
    'c-ana user:u-ana | each v-1..21'],
  ['day 6 10:00', 'the next day she is herself', pageAs('c-ana2', 'u-ana'),
    'c-ana c-ana2 user:u-ana | each v-1..21'],
])

// oxfmt-ignore
scenario('cookies are not capped: one person clears them weekly for years', [
  ['day 1 10:00', 'the first', login('c-0', 'ana@home.example'),
    'c-0 ana@home'],
  ...Array.from({ length: 30 }, (_, week) => [
    `day ${8 + week * 7} 10:00`, 'cleared, and logged in again', login(`c-${week + 1}`, 'ana@home.example'),
    `c-0..${week + 1} ana@home`,
  ] as const),
])

// oxfmt-ignore
scenario('what only a crowded day says together is void as well', [
  ['day 1 10:00', 'Ana and Ben, each with an e-mail', [login('c-ana', 'ana@home.example'), login('c-ben', 'ben@home.example')],
    'c-ana ana@home | c-ben ben@home'],
  ['day 5 10:00', 'a broken import sends one id for all', each(21, (n) => pageAs(`v-${n}`, 'u-0815')),
    'c-ana ana@home | c-ben ben@home | each v-1..21 user:u-0815'],
  ['day 5 11:00', 'and names both e-mails with it', [
    identify(null, { userId: 'u-0815', email: 'ana@home.example' }), identify(null, { userId: 'u-0815', email: 'ben@home.example' })],
    'c-ana ana@home | c-ben ben@home | each v-1..21 user:u-0815'],
  ['day 6 10:00', 'Ben borrows Ana’s laptop', login('c-ana', 'ben@home.example'),
    'c-ana ana@home | c-ben ben@home | each v-1..21 user:u-0815', { asks: ['two_logins c-ana ? c-ben'] }],
])

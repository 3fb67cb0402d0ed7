// Phones change hands after years, and families have one together.
import { different } from './decrees.ts'
import { identify, login, signUp, track } from './messages.ts'
import { scenario } from './scenario.ts'

const PHONE = '+4915123477889'

const leaves = (cookie: string, email: string) =>
  track(cookie, 'Account Created', { email, phone: PHONE })

// oxfmt-ignore
scenario('a number unseen for more than two years has changed hands', [
  ['day 1 10:00', 'Ana leaves her number', leaves('c-ana', 'ana@home.example'),
    'c-ana ana@home +4915123477889'],
  ['day 2 10:00', 'her laptop', login('c-ana2', 'ana@home.example'),
    'c-ana c-ana2 ana@home +4915123477889'],
  ['day 900 10:00', 'it is Ben’s now', leaves('c-ben', 'ben@home.example'),
    'c-ana c-ana2 ana@home | c-ben ben@home +4915123477889'],
  ['day 901 10:00', 'and on his tablet', track('c-ben2', 'Form Submitted', { phone: PHONE }),
    'c-ana c-ana2 ana@home | c-ben c-ben2 ben@home +4915123477889'],
])

// oxfmt-ignore
scenario('what only the number held together of its former owner stays together', [
  ['day 1 10:00', 'Ana on two devices', [track('c-1', 'Form Submitted', { phone: PHONE }), track('c-2', 'Form Submitted', { phone: PHONE })],
    'c-1 c-2 +4915123477889'],
  ['day 900 10:00', 'Ben', track('c-ben', 'Form Submitted', { phone: PHONE }),
    'c-1 c-2 | c-ben +4915123477889'],
])

// oxfmt-ignore
scenario('a sighting in between, told late, says that it never changed hands', [
  ['day 1 10:00', 'a number', track('c-1', 'Form Submitted', { phone: PHONE }),
    'c-1 +4915123477889'],
  ['day 900 10:00', 'the same number, years later', track('c-2', 'Form Submitted', { phone: PHONE }),
    'c-1 | c-2 +4915123477889'],
  ['day 450 10:00', 'an old file is loaded', track('c-3', 'Form Submitted', { phone: PHONE }),
    'c-1..3 +4915123477889'],
])

// oxfmt-ignore
scenario('an e-mail changes hands only where the configuration says so', [
  ['day 1 10:00', 'the first', signUp('c-1', 'desk7@firm.example'),
    'c-1 desk7@firm'],
  ['day 500 10:00', 'the next', signUp('c-2', 'desk7@firm.example'),
    'c-1 | c-2 desk7@firm'],
], { settings: { ageing: { emailReassignedAfterDays: 365 } } })

// oxfmt-ignore
scenario('a family’s phone, and two who log in with e-mails of their own: a question', [
  ['day 1 10:00', 'Ana logs in', login('c-ana', 'ana@home.example'),
    'c-ana ana@home'],
  ['day 1 10:05', 'and leaves the family’s number', track('c-ana', 'Form Submitted', { phone: PHONE }),
    'c-ana ana@home +4915123477889'],
  ['day 2 10:00', 'Ben logs in', login('c-ben', 'ben@home.example'),
    'c-ana ana@home +4915123477889 | c-ben ben@home'],
  ['day 2 10:05', 'and leaves it too', track('c-ben', 'Form Submitted', { phone: PHONE }),
    'c-ana ana@home +4915123477889 | c-ben ben@home', { asks: ['two_logins ana@home ? ben@home'] }],
  ['day 3 10:00', 'two people, says the steward', different('v-1', 'c-ana ana@home +4915123477889', 'c-ben ben@home'),
    'c-ana ana@home +4915123477889 | c-ben ben@home', { asks: [] }],
])

// oxfmt-ignore
scenario('the same with user ids: what names one person a value decides, and the steward is asked', [
  ['day 1 10:00', 'Ana', identify(null, { userId: 'u-ana', phone: PHONE }),
    'user:u-ana +4915123477889'],
  ['day 2 10:00', 'Ben', identify(null, { userId: 'u-ben', phone: PHONE }),
    'user:u-ana +4915123477889 | user:u-ben', { asks: ['unique_namespace user:u-ana ? user:u-ben'] }],
])

// oxfmt-ignore
scenario('numbers without country, and however they are written, with a default region', [
  ['day 1 10:00', 'as Germans write it', track('c-1', 'Form Submitted', { phone: '0151 234 77 889' }),
    'c-1 +4915123477889'],
  ['day 1 11:00', 'with the country', track('c-2', 'Form Submitted', { phone: '+49 (151) 234-77889' }),
    'c-1 c-2 +4915123477889'],
  ['day 1 12:00', 'and with zeros', track('c-3', 'Form Submitted', { phone: '0049 151 23477889' }),
    'c-1..3 +4915123477889'],
], { settings: { phone: { defaultRegion: 'DE' } } })

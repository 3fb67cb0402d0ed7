// The story of one person, as the product tells it: each join at the moment the evidence allows it, and not before.
import { buy, IPHONE, LAPTOP, login, page, pageAs, signUp, track } from './messages.ts'
import { scenario } from './scenario.ts'

const away = { ip: '203.0.113.9', device: IPHONE }
const atWork = { ip: '192.0.2.33', device: LAPTOP }
const atHome = { ip: '198.51.100.7' }

// oxfmt-ignore
scenario('the story of one person, over three devices and two addresses', [
  ['day 1 10:00', 'sees an ad on the phone', page('c-phone', away),
    '#c-phone: c-phone', { says: ['created #c-phone'] }],
  ['day 1 10:02', 'browses two minutes and leaves', track('c-phone', 'Product Viewed', {}, away),
    '#c-phone: c-phone', { says: [] }],
  ['day 1 14:00', 'reads the pricing page on a work laptop', page('c-work', atWork),
    '#c-phone: c-phone | #c-work: c-work', { says: ['created #c-work'] }],
  ['day 1 14:06', 'signs up for the webinar with the work e-mail', signUp('c-work', 'ana@work.example', atWork),
    '#c-phone: c-phone | #c-work: c-work ana@work', { says: ['updated #c-work'] }],
  ['day 3 19:00', 'opens the shop at home', page('c-home', atHome),
    '#c-phone: c-phone | #c-work: c-work ana@work | #c-home: c-home'],
  ['day 3 19:01', 'logs in with the private e-mail', login('c-home', 'ana@home.example', atHome),
    '#c-phone: c-phone | #c-work: c-work ana@work | #c-home: c-home ana@home'],
  ['day 3 19:20', 'buys', buy('c-home', 'ana@home.example', atHome),
    '#c-phone: c-phone | #c-work: c-work ana@work | #c-home: c-home ana@home', { says: [] }],
  ['day 3 20:00', 'opens the order confirmation on the phone, which logs them in there', login('c-phone', 'ana@home.example', away),
    '#c-phone: c-phone c-home ana@home | #c-work: c-work ana@work', { says: ['merged #c-phone < #c-home'] }],
  ['day 4 09:00', 'logs in on the work laptop with the private address', login('c-work', 'ana@home.example', atWork),
    '#c-phone: c-phone c-home ana@home c-work ana@work', { says: ['merged #c-phone < #c-work'] }],
  ['day 4 09:05', 'looks around: one person, one timeline over three devices', page('c-work', atWork),
    '#c-phone: c-phone c-home ana@home c-work ana@work', { says: [] }],
], {
  owners: {
    'day 1 10:00': 'ana@home', 'day 1 10:02': 'ana@home', 'day 1 14:00': 'ana@home', 'day 1 14:06': 'ana@home',
    'day 3 19:20': 'ana@home', 'day 4 09:05': 'ana@home',
  },
})

// oxfmt-ignore
scenario('the same story where the shop sends its own user ids', [
  ['day 1 10:00', 'sees an ad on the phone', page('c-phone', away),
    'c-phone'],
  ['day 1 14:06', 'signs up with the work e-mail', signUp('c-work', 'ana@work.example', atWork),
    'c-phone | c-work ana@work'],
  ['day 3 19:01', 'logs in at home', pageAs('c-home', 'u-4711', atHome),
    'c-phone | c-work ana@work | c-home user:u-4711'],
  ['day 3 20:00', 'opens the order confirmation on the phone', pageAs('c-phone', 'u-4711', away),
    'c-phone c-home user:u-4711 | c-work ana@work'],
  ['day 4 09:00', 'logs in at work', pageAs('c-work', 'u-4711', atWork),
    'c-phone c-home user:u-4711 c-work ana@work'],
])

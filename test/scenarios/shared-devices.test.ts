// Shared devices: a tablet, a kiosk, a call centre's terminal. They join nobody, and each login keeps its own profile.
import { buy, identify, login, page, pageAs, signUp } from './messages.ts'
import { scenario } from './scenario.ts'

// oxfmt-ignore
scenario('two people log in on one tablet with their user ids', [
  ['day 1 09:00', 'somebody looks around', page('tablet'),
    '#tablet: tablet'],
  ['day 1 10:00', 'Ana logs in: it seems to be hers', pageAs('tablet', 'u-ana'),
    '#tablet: tablet user:u-ana'],
  ['day 1 11:00', 'Ben has a phone of his own', pageAs('c-ben', 'u-ben'),
    'tablet user:u-ana | c-ben user:u-ben'],
  ['day 1 12:00', 'Ben logs in on the tablet: it is nobody’s', pageAs('tablet', 'u-ben'),
    'tablet | user:u-ana | c-ben user:u-ben', { shared: 'tablet' }],
  ['day 2 12:00', 'Ana has a phone too: her profile goes on without the tablet', pageAs('c-ana', 'u-ana'),
    'tablet | c-ana user:u-ana | c-ben user:u-ben'],
])

// oxfmt-ignore
scenario('three e-mails on one cookie', [
  ['day 1 10:00', 'Ana types her e-mail', signUp('tablet', 'ana@home.example'),
    'tablet ana@home'],
  ['day 1 11:00', 'a second one, typed: people have two addresses', signUp('tablet', 'ben@home.example'),
    'tablet ana@home ben@home'],
  ['day 1 12:00', 'a third one, and nothing that ties them', signUp('tablet', 'cleo@home.example'),
    'tablet | ana@home | ben@home | cleo@home', { shared: 'tablet' }],
])

// oxfmt-ignore
scenario('two e-mails logged in with one after the other: ask; when they alternate: shared', [
  ['day 1 10:00', 'Ana logs in', login('tablet', 'ana@home.example'),
    'tablet ana@home'],
  ['day 2 10:00', 'Ben logs in: did the tablet change hands, or has Ana two e-mails?', login('tablet', 'ben@home.example'),
    'tablet ana@home | ben@home', { asks: ['two_logins ben@home ? tablet'] }],
  ['day 3 10:00', 'Ana again (A–B–A): both use it', login('tablet', 'ana@home.example'),
    'tablet | ana@home | ben@home', { asks: [], shared: 'tablet' }],
])

// oxfmt-ignore
scenario('two e-mails that alternate, one of them only typed: one person', [
  ['day 1 10:00', 'Ana logs in', login('c-ana', 'ana@home.example'),
    'c-ana ana@home'],
  ['day 2 10:00', 'wants the receipt sent to the office', signUp('c-ana', 'ana@work.example'),
    'c-ana ana@home ana@work'],
  ['day 3 10:00', 'logs in again', login('c-ana', 'ana@home.example'),
    'c-ana ana@home ana@work'],
])

// oxfmt-ignore
scenario('e-mails with an external id in common are one person’s, however many and in whatever order', [
  ['day 1 10:00', 'private address', identify('c-ana', { userId: 'u-ana', email: 'ana@home.example' }),
    'c-ana user:u-ana ana@home'],
  ['day 2 10:00', 'work address', identify('c-ana', { userId: 'u-ana', email: 'ana@work.example' }),
    'c-ana user:u-ana ana@home ana@work'],
  ['day 3 10:00', 'private again', identify('c-ana', { userId: 'u-ana', email: 'ana@home.example' }),
    'c-ana user:u-ana ana@home ana@work'],
  ['day 4 10:00', 'a third one', identify('c-ana', { userId: 'u-ana', email: 'ana@club.example' }),
    'c-ana user:u-ana ana@home ana@work ana@club'],
])

// oxfmt-ignore
scenario('a cookie is no longer shared when it comes out that its e-mails have an external id in common', [
  ['day 1 10:00', 'logs in with the private address', login('c-ana', 'ana@home.example'),
    'c-ana ana@home'],
  ['day 2 10:00', 'with the one from work', login('c-ana', 'ana@work.example'),
    'c-ana ana@home | ana@work', { asks: ['two_logins ana@work ? c-ana'] }],
  ['day 3 10:00', 'and back: looks like two people', login('c-ana', 'ana@home.example'),
    'c-ana | ana@home | ana@work', { asks: [], shared: 'c-ana' }],
  ['day 4 03:00', 'the shop’s server names the private address with a user id', identify(null, { userId: 'u-ana', email: 'ana@home.example' }),
    'c-ana | ana@home user:u-ana | ana@work'],
  ['day 4 03:01', 'and the one from work with the same', identify(null, { userId: 'u-ana', email: 'ana@work.example' }),
    'c-ana ana@home user:u-ana ana@work', { shared: '' }],
])

// oxfmt-ignore
scenario('whose an event is: on a kiosk the session’s person’s, or nobody’s', [
  ['day 1 09:00', 'somebody looks and leaves', page('kiosk'),
    'kiosk'],
  ['day 1 10:00', 'Ana steps up', page('kiosk'),
    'kiosk'],
  ['day 1 10:05', 'logs in', login('kiosk', 'ana@home.example'),
    'kiosk ana@home'],
  ['day 1 10:10', 'looks at something', page('kiosk'),
    'kiosk ana@home'],
  ['day 1 11:00', 'Ben pays', buy('kiosk', 'ben@home.example'),
    'kiosk ana@home | ben@home', { asks: ['two_logins ben@home ? kiosk'] }],
  ['day 1 11:29', 'and waits for the receipt, just within the session', page('kiosk'),
    'kiosk ana@home | ben@home'],
  ['day 1 12:00', 'somebody is early', page('kiosk'),
    'kiosk ana@home | ben@home'],
  ['day 1 12:05', 'Cleo logs in', login('kiosk', 'cleo@home.example'),
    'kiosk | ana@home | ben@home | cleo@home', { asks: [], shared: 'kiosk' }],
  ['day 1 12:10', 'looks', page('kiosk'),
    'kiosk | ana@home | ben@home | cleo@home'],
  ['day 1 12:15', 'Ana is next, with hardly a pause', login('kiosk', 'ana@home.example'),
    'kiosk | ana@home | ben@home | cleo@home'],
  ['day 1 12:20', 'looks', page('kiosk'),
    'kiosk | ana@home | ben@home | cleo@home'],
  ['day 1 12:51', 'a minute more than half an hour later', page('kiosk'),
    'kiosk | ana@home | ben@home | cleo@home'],
], {
  owners: {
    'day 1 09:00': 'nobody',
    'day 1 10:00': 'ana@home', 'day 1 10:05': 'ana@home', 'day 1 10:10': 'ana@home',
    'day 1 11:00': 'ben@home', 'day 1 11:29': 'ben@home',
    'day 1 12:00': 'nobody', 'day 1 12:05': 'cleo@home', 'day 1 12:10': 'cleo@home',
    'day 1 12:15': 'ana@home', 'day 1 12:20': 'ana@home',
    'day 1 12:51': 'nobody',
  },
})

// Quarantine and erasure: what is taken away leaves the rest as it would have been without it.
import { erase, quarantine, release, same } from './decrees.ts'
import { identify, login, page, pageAs, signUp } from './messages.ts'
import { scenario } from './scenario.ts'

const near = { ip: '203.0.113.9' }

// oxfmt-ignore
scenario('a quarantined e-mail joins nobody until it is released', [
  ['day 1 10:00', 'two devices, one e-mail', [page('c-1'), login('c-1', 'fam@home.example'), page('c-2'), login('c-2', 'fam@home.example')],
    '#c-1: c-1 c-2 fam@home'],
  ['day 2 10:00', 'quarantined', quarantine('fam@home'),
    '#c-1: c-1 | #c-2: c-2 | #fam@home: fam@home'],
  ['day 3 10:00', 'more of it changes nothing, and is not lost', [page('c-3'), login('c-3', 'fam@home.example')],
    '#c-1: c-1 | #c-2: c-2 | #c-3: c-3 | #fam@home: fam@home'],
  ['day 4 10:00', 'released: everything it says counts', release('fam@home'),
    '#c-1: c-1 c-2 c-3 fam@home'],
])

// oxfmt-ignore
scenario('a quarantined cookie names nobody', [
  ['day 1 10:00', 'a hard-coded cookie glues two e-mails', [signUp('hard-coded', 'ana@home.example'), signUp('hard-coded', 'ben@home.example')],
    'hard-coded ana@home ben@home'],
  ['day 2 10:00', 'quarantined', quarantine('hard-coded'),
    'hard-coded | ana@home | ben@home'],
])

// oxfmt-ignore
scenario('a third e-mail in quarantine does not make a cookie shared', [
  ['day 1 10:00', 'three e-mails', [
    signUp('c-1', 'ana@home.example'), signUp('c-1', 'ana@work.example'), signUp('c-1', 'fam@home.example')],
    'c-1 | ana@home | ana@work | fam@home', { shared: 'c-1' }],
  ['day 2 10:00', 'one is quarantined: everybody types it', quarantine('fam@home'),
    'c-1 ana@home ana@work | fam@home', { shared: '' }],
  ['day 3 10:00', 'released', release('fam@home'),
    'c-1 | ana@home | ana@work | fam@home', { shared: 'c-1' }],
])

// oxfmt-ignore
scenario('a quarantined external id does not vouch that two e-mails are one person’s', [
  ['day 1 10:00', 'one id with both', [
    identify('tablet', { userId: 'u-1', email: 'ana@home.example' }), identify('tablet', { userId: 'u-1', email: 'ben@home.example' })],
    'tablet user:u-1 ana@home ben@home'],
  ['day 2 10:00', 'the logins alternate', login('tablet', 'ana@home.example'),
    'tablet user:u-1 ana@home ben@home'],
  ['day 3 10:00', 'the id is found to be the shop’s own', quarantine('user:u-1'),
    'tablet | user:u-1 | ana@home | ben@home', { shared: 'tablet' }],
  ['day 4 10:00', 'released', release('user:u-1'),
    'tablet user:u-1 ana@home ben@home', { shared: '' }],
])

// oxfmt-ignore
scenario('erasing what glued two profiles takes them apart, with the old ids back', [
  ['day 1 10:00', 'two devices', [page('c-1'), page('c-2')],
    '#c-1: c-1 | #c-2: c-2'],
  ['day 1 11:00', 'one e-mail', [login('c-1', 'ana@home.example'), login('c-2', 'ana@home.example')],
    '#c-1: c-1 c-2 ana@home'],
  ['day 2 10:00', 'erased', erase('ana@home'),
    '#c-1: c-1 | #c-2: c-2', { says: ['split #c-2 < #c-1', 'updated #c-1'] }],
  ['day 3 10:00', 'the rest goes on', page('c-1'),
    '#c-1: c-1 | #c-2: c-2', { says: [] }],
])

// oxfmt-ignore
scenario('erasing one of two people on a tablet gives it to the other', [
  ['day 1 10:00', 'Ana and Ben', [pageAs('tablet', 'u-ana'), pageAs('tablet', 'u-ben'), pageAs('c-ben', 'u-ben')],
    'tablet | user:u-ana | c-ben user:u-ben', { shared: 'tablet' }],
  ['day 2 10:00', 'Ana is erased', erase('user:u-ana'),
    'tablet c-ben user:u-ben', { shared: '' }],
])

// oxfmt-ignore
scenario('erasing everything of a person leaves nothing, and others as they were', [
  ['day 1 10:00', 'Ana and Ben', [
    page('a-1', near), login('a-1', 'ana@home.example', near), login('a-2', 'ana@home.example'), page('b-1', near), login('b-1', 'ben@home.example', near)],
    '#a-1: a-1 a-2 ana@home | #b-1: b-1 ben@home'],
  ['day 2 10:00', 'Ana is erased', erase('a-1 a-2 ana@home'),
    '#b-1: b-1 ben@home'],
])

// oxfmt-ignore
scenario('erasing a question’s side closes the question', [
  ['day 1 10:00', 'two logins', [login('c-1', 'ana@home.example'), login('c-1', 'ana@work.example')],
    'c-1 ana@home | ana@work', { asks: ['two_logins ana@work ? c-1'] }],
  ['day 2 10:00', 'one is erased', erase('ana@home'),
    'c-1 ana@work', { asks: [] }],
])

// oxfmt-ignore
scenario('erasing one of two whom only a steward joined leaves the other whole', [
  ['day 1 10:00', 'two', [page('c-1'), page('c-2')],
    '#c-1: c-1 | #c-2: c-2'],
  ['day 2 10:00', 'said to be one', same('v-1', 'c-1', 'c-2'),
    '#c-1: c-1 c-2'],
  ['day 3 10:00', 'one is erased: the profile is smaller', erase('c-2'),
    '#c-1: c-1', { says: ['updated #c-1'] }],
])

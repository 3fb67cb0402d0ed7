// Verdicts: "different" binds sets, "same" joins, both bind at once, the later wins, and an undo leaves no trace.
import { different, erase, quarantine, release, same, undo } from './decrees.ts'
import { alias, identify, login, page, pageAs, signUp, track } from './messages.ts'
import { scenario } from './scenario.ts'

// oxfmt-ignore
scenario('"different" binds the sets as they were shown: no new strong edge welds them behind the steward’s back', [
  ['day 1 10:00', 'Ana on two devices', [login('a-1', 'ana@home.example'), login('a-2', 'ana@home.example')],
    'a-1 a-2 ana@home'],
  ['day 1 11:00', 'Ben on two devices', [login('b-1', 'ben@home.example'), login('b-2', 'ben@home.example')],
    'a-1 a-2 ana@home | b-1 b-2 ben@home'],
  ['day 2 10:00', 'the steward: different', different('v-1', 'a-1 a-2 ana@home', 'b-1 b-2 ben@home'),
    'a-1 a-2 ana@home | b-1 b-2 ben@home', { says: [] }],
  ['day 3 10:00', 'an e-mail that nobody had seen is typed on Ana’s second device', signUp('a-2', 'fam@home.example'),
    'a-1 a-2 ana@home fam@home | b-1 b-2 ben@home'],
  ['day 3 11:00', 'and on Ben’s second device', signUp('b-2', 'fam@home.example'),
    'a-1 a-2 ana@home fam@home | b-1 b-2 ben@home'],
  ['day 4 10:00', 'a server names both e-mails with one id', [
    identify(null, { userId: 'u-1', email: 'ana@home.example' }), identify(null, { userId: 'u-1', email: 'ben@home.example' })],
    'a-1 a-2 ana@home fam@home user:u-1 | b-1 b-2 ben@home'],
  ['day 5 10:00', 'Ben logs in with that id: it goes with the stronger edge, the others stay apart', pageAs('b-1', 'u-1'),
    'a-1 a-2 ana@home fam@home | b-1 b-2 ben@home user:u-1'],
])

// oxfmt-ignore
scenario('"same" joins what no edge joins, and an undo takes it apart with the old ids back', [
  ['day 1 09:00', 'a device', page('a-1'),
    '#a-1: a-1'],
  ['day 1 10:00', 'Ana, logged in on two', [login('a-1', 'ana@home.example'), login('a-2', 'ana@home.example')],
    '#a-1: a-1 a-2 ana@home'],
  ['day 1 10:50', 'another device', page('c-x'),
    '#a-1: a-1 a-2 ana@home | #c-x: c-x'],
  ['day 1 11:00', 'somebody, never logged in', signUp('c-x', 'x@work.example'),
    '#a-1: a-1 a-2 ana@home | #c-x: c-x x@work'],
  ['day 2 10:00', 'the steward: same', same('v-1', 'a-1 a-2 ana@home', 'c-x x@work'),
    '#a-1: a-1 a-2 ana@home c-x x@work', { says: ['merged #a-1 < #c-x'] }],
  ['day 3 10:00', 'taken back', undo('v-1'),
    '#a-1: a-1 a-2 ana@home | #c-x: c-x x@work', { says: ['split #c-x < #a-1', 'updated #a-1'] }],
])

// oxfmt-ignore
scenario('"same" answers a question that a guard asked', [
  ['day 1 10:00', 'a laptop', login('c-1', 'ana@home.example'),
    'c-1 ana@home'],
  ['day 2 10:00', 'another login', login('c-1', 'ana@work.example'),
    'c-1 ana@home | ana@work', { asks: ['two_logins ana@work ? c-1'] }],
  ['day 3 10:00', 'one person', same('v-1', 'c-1 ana@home', 'ana@work'),
    'c-1 ana@home ana@work', { asks: [] }],
  ['day 4 10:00', 'taken back: it is a question again', undo('v-1'),
    'c-1 ana@home | ana@work', { asks: ['two_logins ana@work ? c-1'] }],
  ['day 5 10:00', 'two people', different('v-2', 'c-1 ana@home', 'ana@work'),
    'c-1 ana@home | ana@work', { asks: [] }],
  ['day 6 10:00', 'more of the same changes nothing', login('c-1', 'ana@work.example'),
    'c-1 ana@home | ana@work'],
])

// oxfmt-ignore
scenario('A same B and B different C keeps A from C', [
  ['day 1 10:00', 'three strangers', [pageAs('c-a', 'u-a'), signUp('c-b', 'b@home.example'), signUp('c-cleo', 'c@home.example')],
    'c-a user:u-a | c-b b@home | c-cleo c@home'],
  ['day 2 10:00', 'A same B', same('v-1', 'c-a user:u-a', 'c-b b@home'),
    'c-a user:u-a c-b b@home | c-cleo c@home'],
  ['day 2 11:00', 'B different C', different('v-2', 'c-b b@home', 'c-cleo c@home'),
    'c-a user:u-a c-b b@home | c-cleo c@home'],
  ['day 3 10:00', 'an edge between A and C, the strongest there is', login('c-a', 'c@home.example'),
    'c-a user:u-a c-b b@home | c-cleo c@home'],
  ['day 4 10:00', 'A is not B after all: now the edge decides', undo('v-1'),
    'c-a user:u-a c-cleo c@home | c-b b@home'],
])

// oxfmt-ignore
scenario('of two verdicts that contradict each other the later wins', [
  ['day 1 10:00', 'two strangers', [signUp('c-a', 'a@home.example'), signUp('c-b', 'b@home.example')],
    'c-a a@home | c-b b@home'],
  ['day 2 10:00', 'same', same('v-1', 'c-a a@home', 'c-b b@home'),
    'c-a a@home c-b b@home'],
  ['day 2 11:00', 'different', different('v-2', 'c-a a@home', 'c-b b@home'),
    'c-a a@home | c-b b@home'],
  ['day 2 12:00', 'same', same('v-3', 'c-a a@home', 'c-b b@home'),
    'c-a a@home c-b b@home'],
  ['day 3 10:00', 'the last taken back: the one before holds', undo('v-3'),
    'c-a a@home | c-b b@home'],
  ['day 3 11:00', 'that one too: the first', undo('v-2'),
    'c-a a@home c-b b@home'],
  ['day 3 12:00', 'none', undo('v-1'),
    'c-a a@home | c-b b@home'],
])

// oxfmt-ignore
scenario('a chain of verdicts: the latest bind, the oldest that does not fit gives way', [
  ['day 1 10:00', 'three strangers', [signUp('c-a', 'a@home.example'), signUp('c-b', 'b@home.example'), signUp('c-cleo', 'c@home.example')],
    'c-a a@home | c-b b@home | c-cleo c@home'],
  ['day 2 10:00', 'A same B', same('v-1', 'c-a a@home', 'c-b b@home'),
    'c-a a@home c-b b@home | c-cleo c@home'],
  ['day 2 11:00', 'B different C', different('v-2', 'c-b b@home', 'c-cleo c@home'),
    'c-a a@home c-b b@home | c-cleo c@home'],
  ['day 2 12:00', 'A same C', same('v-3', 'c-a a@home', 'c-cleo c@home'),
    'c-a a@home c-cleo c@home | c-b b@home'],
])

// oxfmt-ignore
scenario('a steward splits a profile: "different" within it', [
  ['day 1 10:00', 'one e-mail on four cookies', [
    page('c-1'), login('c-1', 'fam@home.example'), page('c-3'), login('c-2', 'fam@home.example'), login('c-3', 'fam@home.example'), login('c-4', 'fam@home.example')],
    '#c-1: c-1..4 fam@home'],
  ['day 2 10:00', 'two of them are the daughter’s', different('v-1', 'c-1..2 fam@home', 'c-3..4'),
    'c-1..2 fam@home | c-3 | c-4'],
  ['day 2 10:05', 'and hers are one', same('v-2', 'c-3', 'c-4'),
    '#c-1: c-1..2 fam@home | #c-3: c-3..4'],
  ['day 3 10:00', 'she logs in with her own e-mail', login('c-3', 'ida@home.example'),
    'c-1..2 fam@home | c-3..4 ida@home'],
  ['day 4 10:00', 'both verdicts taken back', undo('v-2'),
    'c-1..2 fam@home | c-3 ida@home | c-4'],
  ['day 4 10:01', 'a cookie with both logins remains a question', undo('v-1'),
    'c-1..2 c-4 fam@home c-3 | ida@home', { asks: ['two_logins c-1 ? ida@home'] }],
])

// oxfmt-ignore
scenario('a verdict outlives the erasure of a member', [
  ['day 1 10:00', 'Ana on two devices, Ben on one', [
    login('a-1', 'ana@home.example'), login('a-2', 'ana@home.example'), login('b-1', 'ben@home.example')],
    'a-1 a-2 ana@home | b-1 ben@home'],
  ['day 2 10:00', 'different', different('v-1', 'a-1 a-2 ana@home', 'b-1 ben@home'),
    'a-1 a-2 ana@home | b-1 ben@home'],
  ['day 3 10:00', 'Ana’s e-mail is erased', erase('ana@home'),
    'a-1 | a-2 | b-1 ben@home'],
  ['day 4 10:00', 'her devices are still not Ben’s', login('a-1', 'ben@home.example'),
    'a-1 | a-2 | b-1 ben@home'],
])

// oxfmt-ignore
scenario('"same" overrules a guard, but not for others: two user ids of one person, and a third', [
  ['day 1 09:00', 'three devices', [page('c-1'), page('c-2'), page('c-3')],
    'each c-1..3'],
  ['day 1 10:00', 'three accounts', [pageAs('c-1', 'u-1'), pageAs('c-2', 'u-2'), pageAs('c-3', 'u-3')],
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3'],
  ['day 2 10:00', 'an alias does not weld them: a user id names one person', alias('u-1', 'u-2'),
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3', { asks: ['unique_namespace c-1 ? c-2'] }],
  ['day 3 10:00', 'the steward does', same('v-1', 'c-1 user:u-1', 'c-2 user:u-2'),
    'c-1 user:u-1 c-2 user:u-2 | c-3 user:u-3', { asks: [] }],
  ['day 4 10:00', 'a third account is a question', alias('u-3', 'u-2'),
    'c-1 user:u-1 c-2 user:u-2 | c-3 user:u-3', { asks: ['unique_namespace c-1 ? c-3'] }],
  ['day 5 10:00', 'what joins one of them joins the person', track('c-4', 'Signed In', { email: 'ana@home.example' }),
    'c-1 user:u-1 c-2 user:u-2 | c-3 user:u-3 | c-4 ana@home'],
  ['day 5 11:00', 'as soon as it does', identify(null, { userId: 'u-1', email: 'ana@home.example' }),
    'c-1 user:u-1 c-2 user:u-2 c-4 ana@home | c-3 user:u-3'],
])

// oxfmt-ignore
scenario('"same" of two sets with a member in common holds between the others when that one is out', [
  ['day 1 10:00', 'three devices', [page('a-1'), page('b-1'), page('c-1')],
    'a-1 | b-1 | c-1'],
  ['day 2 10:00', 'the steward: same, with one of them on both sides', same('v-1', 'c-1 a-1', 'c-1 b-1'),
    'a-1 | b-1 | c-1'],
  ['day 3 10:00', 'which turns out to be a test’s', quarantine('c-1'),
    'a-1 b-1 | c-1'],
  ['day 4 10:00', 'or not', release('c-1'),
    'a-1 | b-1 | c-1'],
  ['day 5 10:00', 'and is erased', erase('c-1'),
    'a-1 b-1'],
])

// Several sites of one account, a site that opts out, and accounts, which never meet.
import { expect, test } from 'vitest'

import { createExtraction } from '../../src/core/identifier/extraction.ts'
import { compilePolicy } from '../../src/core/policy/compile-policy.ts'
import { settingsOf, sha256 } from '../extraction.ts'
import { membersOf, newGraph, play } from './graph.ts'
import { identify, LAPTOP, login, page, pageAs, to, track } from './messages.ts'
import { scenario } from './scenario.ts'
import { factFrom } from './stage.ts'

const sites = {
  shop: { userBase: 'acme' },
  app: { userBase: 'acme' },
  blog: {},
  clinic: { crossSite: false },
}
const settings = { sites }
const PHONE = '+4915123477889'

// oxfmt-ignore
scenario('the same e-mail on two sites is one person', [
  ['day 1 10:00', 'the shop', to('shop', login('c-shop', 'ana@home.example')),
    'c-shop ana@home'],
  ['day 2 10:00', 'the blog', to('blog', login('c-blog', 'ana@home.example')),
    'c-shop c-blog ana@home'],
], { settings })

// oxfmt-ignore
scenario('user ids are a site’s own, unless sites declare that they share a user base', [
  ['day 1 10:00', 'user 4711 of the shop', to('shop', pageAs('c-shop', 4711)),
    'c-shop user@acme:4711'],
  ['day 2 10:00', 'user 4711 of the blog is somebody else', to('blog', pageAs('c-blog', 4711)),
    'c-shop user@acme:4711 | c-blog user@blog:4711'],
  ['day 3 10:00', 'user 4711 of the app is the one of the shop', to('app', pageAs('c-app', 4711)),
    'c-shop c-app user@acme:4711 | c-blog user@blog:4711'],
  ['day 4 10:00', 'one person may have an account in each base', [
    to('blog', identify('c-blog', { userId: 4711, email: 'ana@home.example' })), to('shop', identify('c-shop', { userId: 4711, email: 'ana@home.example' }))],
    'c-shop c-app user@acme:4711 c-blog user@blog:4711 ana@home'],
  ['day 5 10:00', 'but not two in one', to('shop', identify('c-new', { userId: 4712, email: 'ana@home.example' })),
    'c-shop c-app user@acme:4711 c-blog user@blog:4711 ana@home | c-new user@acme:4712', { asks: ['unique_namespace c-new ? c-shop'] }],
], { settings })

// oxfmt-ignore
scenario('a phone is worth 0.95 on a second site by default', [
  ['day 1 10:00', 'the shop', to('shop', track('c-shop', 'Form Submitted', { phone: PHONE })),
    'c-shop +4915123477889'],
  ['day 2 10:00', 'the blog', to('blog', track('c-blog', 'Form Submitted', { phone: PHONE })),
    'c-shop c-blog +4915123477889'],
], { settings })

// oxfmt-ignore
scenario('where a phone is worth less on a second site, it joins on the site where it was first seen only', [
  ['day 1 10:00', 'the shop', to('shop', track('c-shop', 'Form Submitted', { phone: PHONE })),
    'c-shop +4915123477889'],
  ['day 2 10:00', 'the blog', to('blog', track('c-blog', 'Form Submitted', { phone: PHONE })),
    'c-shop +4915123477889 | c-blog'],
  ['day 3 10:00', 'the shop again', to('shop', track('c-shop2', 'Form Submitted', { phone: PHONE })),
    'c-shop c-shop2 +4915123477889 | c-blog'],
], { settings: { sites, crossSite: { phone: 0.5 } } })

// oxfmt-ignore
scenario('the same cookie, device and address on two sites: the cookie is one, alike devices are not', [
  ['day 1 10:00', 'the shop', to('shop', page('c-1', { ip: '203.0.113.9', device: LAPTOP })),
    'c-1'],
  ['day 1 10:01', 'the blog, with another cookie', to('blog', page('c-2', { ip: '203.0.113.9', device: LAPTOP })),
    'c-1 | c-2'],
  ['day 1 10:02', 'the blog, with the shop’s cookie', to('blog', page('c-1', { ip: '203.0.113.9', device: LAPTOP })),
    'c-1 | c-2'],
], { settings })

// oxfmt-ignore
scenario('nothing seen on a site that opts out ever joins what was seen on another', [
  ['day 1 10:00', 'the shop', to('shop', identify('c-1', { userId: 4711, email: 'ana@home.example', phone: PHONE })),
    'c-1 user@acme:4711 ana@home +4915123477889'],
  ['day 2 10:00', 'the clinic, with the very same', to('clinic', identify('c-1', { userId: 4711, email: 'ana@home.example', phone: PHONE })),
    'c-1 user@acme:4711 ana@home +4915123477889 | cookie@clinic:c-1 user@clinic:4711 email@clinic:ana@home.example phone@clinic:+4915123477889'],
  ['day 3 10:00', 'within the clinic they join as everywhere', to('clinic', login('c-2', 'ana@home.example')),
    'c-1 user@acme:4711 ana@home +4915123477889 | cookie@clinic:c-1 cookie@clinic:c-2 user@clinic:4711 email@clinic:ana@home.example phone@clinic:+4915123477889'],
], { settings })

test('two accounts never meet: not one key in common, whatever they were sent', () => {
  const everything = identify(
    'c-1',
    { userId: 4711, email: 'ana@home.example', phone: PHONE },
    { ip: '203.0.113.9', device: LAPTOP },
  )
  const facts = ['acme', 'umbrella'].map((account) => {
    const extraction = createExtraction(settingsOf({ account }), sha256)
    return factFrom(extraction, everything, Date.UTC(2026, 0, 1), 'm1')
  })
  const keys = facts.flatMap((fact) => fact.identifiers.map(({ key }) => key))
  expect(new Set(keys).size).toBe(keys.length)
  const both = settingsOf({})
  const graph = newGraph(compilePolicy(both, sha256), createExtraction(both, sha256), facts)
  play(graph, facts)
  expect(membersOf(graph)).toHaveLength(8)
  expect(new Set(membersOf(graph).map((node) => node.profile)).size).toBe(2)
})

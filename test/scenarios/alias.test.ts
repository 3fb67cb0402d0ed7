// `alias`, which everywhere else welds for good: here an edge like others, under the same guards.
import { different, erase, undo } from './decrees.ts'
import { alias, each, identify, page, pageAs } from './messages.ts'
import { scenario } from './scenario.ts'

const UUID = '7d1f4b36-9a0c-4c5e-8f21-3b6a90d2e415'

// oxfmt-ignore
scenario('an alias from the visitor’s id to the user’s joins them, and can be taken back', [
  ['day 1 10:00', 'a visitor', page(UUID),
    `#${UUID}: ${UUID}`],
  ['day 2 10:00', 'becomes a user', alias(UUID, 'u-ana'),
    `#${UUID}: ${UUID} user:u-ana`],
  ['day 3 10:00', 'says the steward: no', different('v-1', UUID, 'user:u-ana'),
    `#${UUID}: ${UUID} | #user:u-ana: user:u-ana`],
  ['day 4 10:00', 'or yes', undo('v-1'),
    `#${UUID}: ${UUID} user:u-ana`],
])

// oxfmt-ignore
scenario('an alias between two users who both logged in welds nobody', [
  ['day 1 09:00', 'two devices', [page('c-ana'), page('c-ben')],
    'c-ana | c-ben'],
  ['day 1 10:00', 'Ana and Ben', [pageAs('c-ana', 'u-ana'), pageAs('c-ben', 'u-ben')],
    'c-ana user:u-ana | c-ben user:u-ben'],
  ['day 2 10:00', 'a script aliases one to the other', alias('u-ana', 'u-ben'),
    'c-ana user:u-ana | c-ben user:u-ben', { asks: ['unique_namespace c-ana ? c-ben'] }],
  ['day 3 10:00', 'and back', alias('u-ben', 'u-ana'),
    'c-ana user:u-ana | c-ben user:u-ben'],
])

// oxfmt-ignore
scenario('a script that aliases everybody to one user', [
  ['day 1 10:00', 'eight users', each(8, (n) => pageAs(`c-${n}`, `u-${n}`)),
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3 | c-4 user:u-4 | c-5 user:u-5 | c-6 user:u-6 | c-7 user:u-7 | c-8 user:u-8'],
  ['day 2 10:00', 'all are said to be the admin', each(8, (n) => alias(`u-${n}`, 'u-admin')),
    'c-1 user:u-1 | c-2 user:u-2 | c-3 user:u-3 | c-4 user:u-4 | c-5 user:u-5 | c-6 user:u-6 | c-7 user:u-7 | c-8 user:u-8 | user:u-admin',
    { asks: Array.from({ length: 8 }, (_, i) => `unique_namespace user:u-admin ? c-${i + 1}`) }],
])

// oxfmt-ignore
scenario('an alias to a placeholder joins nobody', [
  ['day 1 10:00', 'a logout gone wrong', [alias('null', 'u-ana'), alias('anonymous', 'u-ben'), alias('undefined', 'u-cleo')],
    'user:u-ana | user:u-ben | user:u-cleo'],
])

// oxfmt-ignore
scenario('one visitor’s id aliased to two users is a shared cookie', [
  ['day 1 10:00', 'the first', alias(UUID, 'u-ana'),
    `${UUID} user:u-ana`],
  ['day 2 10:00', 'the second', alias(UUID, 'u-ben'),
    `${UUID} | user:u-ana | user:u-ben`, { shared: UUID }],
  ['day 3 10:00', 'who is erased', erase('user:u-ben'),
    `${UUID} user:u-ana`, { shared: '' }],
])

// oxfmt-ignore
scenario('renaming users is a matter of the configuration: where a user may have several ids, an alias joins them', [
  ['day 1 10:00', 'the old id', identify('c-1', { userId: 'u-1', email: 'ana@home.example' }),
    'c-1 user:u-1 ana@home'],
  ['day 2 10:00', 'the new one', [alias('u-1', 'u-2'), pageAs('c-2', 'u-2')],
    'c-1 user:u-1 ana@home user:u-2 c-2'],
], { settings: { namespaces: { user: { unique: false } } } })

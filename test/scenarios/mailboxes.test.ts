// Mailboxes that several people read or type: a role's, a shop's, a family's.
import { buy, each, identify, login, page, signUp, track } from './messages.ts'
import { scenario } from './scenario.ts'

// oxfmt-ignore
scenario('a role’s mailbox typed into a form does not say who wrote', [
  ['day 1 10:00', 'one colleague', signUp('c-1', 'info@acme.example'),
    'c-1 | info@acme'],
  ['day 1 11:00', 'another', signUp('c-2', 'Info@Acme.example'),
    'c-1 | c-2 | info@acme'],
  ['day 2 10:00', 'a third names the phone of the office as well', track('c-3', 'Form Submitted', { email: 'info@acme.example', phone: '+4930901820' }),
    'c-1 | c-2 | c-3 +4930901820 | info@acme'],
])

// oxfmt-ignore
scenario('guests who order under an address of nobody are not one', [
  ['day 1 10:00', 'one by one over the days', buy('c-1', 'noreply@example.com'),
    'c-1 | noreply@example.com'],
  ['day 9 10:00', 'another, with a phone', track('c-2', 'Order Completed', { email: 'noreply@example.com', phone: '+4915123477889' }),
    'c-1 | c-2 +4915123477889 | noreply@example.com'],
])

// oxfmt-ignore
scenario('whoever logs in with a role’s mailbox has it', [
  ['day 1 10:00', 'typed', signUp('c-1', 'info@acme.example'),
    'c-1 | info@acme'],
  ['day 2 10:00', 'logged in with', login('c-2', 'info@acme.example'),
    'c-1 | c-2 info@acme'],
])

// oxfmt-ignore
scenario('a server that names users with the mailbox of their firm does not join them', [
  ['day 1 10:00', 'one', identify(null, { userId: 'u-1', email: 'office@acme.example' }),
    'user:u-1 | office@acme'],
  ['day 1 11:00', 'another', identify(null, { userId: 'u-2', email: 'office@acme.example' }),
    'user:u-1 | user:u-2 | office@acme'],
])

// oxfmt-ignore
scenario('the firm’s own list of mailboxes counts, and one of the built-in list may be a person', [
  ['day 1 10:00', 'two at the front desk', [signUp('c-1', 'empfang@acme.example'), signUp('c-2', 'empfang@acme.example')],
    'c-1 | c-2 | empfang@acme'],
  ['day 1 11:00', 'Hi is a name in this country', [signUp('c-3', 'hi@acme.example'), signUp('c-4', 'hi@acme.example')],
    'c-1 | c-2 | empfang@acme | c-3 c-4 hi@acme'],
], { settings: { roleMailboxes: { add: ['Empfang'], allow: ['hi'] } } })

// oxfmt-ignore
scenario('a shop’s e-mail typed at the till for everybody who has none', [
  ['day 1 09:00', 'the shop’s own computer', login('c-office', 'kasse7@shop.example'),
    'c-office kasse7@shop'],
  ['day 1 10:00', 'regulars with their loyalty apps', each(30, (n) => page(`app-${n}`)),
    'c-office kasse7@shop | each app-1..30'],
  ['day 2 10:00', 'thirty are signed up with it on one day', each(30, (n) => signUp(`app-${n}`, 'kasse7@shop.example')),
    'c-office kasse7@shop | each app-1..30'],
  ['day 3 10:00', 'and one with her own', signUp('app-5', 'ana@home.example'),
    'c-office kasse7@shop | app-5 ana@home | each app-1..4 app-6..30'],
])

// oxfmt-ignore
scenario('one till signs up one customer after the other', [
  ['day 1 10:00', 'the first', signUp('till', 'ana@home.example'),
    'till ana@home'],
  ['day 1 10:05', 'the second: may still be one person’s two addresses', signUp('till', 'ben@home.example'),
    'till ana@home ben@home'],
  ['day 1 10:10', 'the third: nobody’s', signUp('till', 'cleo@home.example'),
    'till | ana@home | ben@home | cleo@home', { shared: 'till' }],
])

// oxfmt-ignore
scenario('a friend’s address in an invitation is not the sender’s', [
  ['day 1 10:00', 'Ana invites Ben', track('c-ana', 'Invite Sent', { email: 'ben@home.example' }),
    'c-ana'],
  ['day 1 11:00', 'Ben comes', signUp('c-ben', 'ben@home.example'),
    'c-ana | c-ben ben@home'],
])

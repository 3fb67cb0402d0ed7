// What is known without a configuration: event names that name the sender, placeholders, role mailboxes.
// The configuration adds to each list and takes single entries out again.

/** The kinds that an event of the table may make between a cookie and what the sender said of themselves. */
export const ACT_KINDS = ['login', 'checkout', 'form_submit'] as const
export type ActKind = (typeof ACT_KINDS)[number]

/** The site of a set-up that never named one. */
export const DEFAULT_SITE = 'default'

/** The types every installation knows; more are declared in the configuration. */
export const BUILT_IN_TYPES = [
  'cookie',
  'email',
  'phone',
  'external_id',
  'device_signature',
  'ip',
] as const

/** Namespaces of which a person has one value. */
export const UNIQUE_NAMESPACES = ['user', 'crm'] as const

/** Event name -> the edge it makes. Compared by `foldName`, so `signed_in` is `Signed In`. */
export const EVENT_KINDS: Readonly<Record<string, ActKind>> = {
  'Signed In': 'login',
  'Sign In': 'login',
  Login: 'login',
  'Logged In': 'login',
  'Order Completed': 'checkout',
  Checkout: 'checkout',
  'Checkout Completed': 'checkout',
  'Form Submitted': 'form_submit',
  'Signed Up': 'form_submit',
  'Sign Up': 'form_submit',
  Lead: 'form_submit',
  'Account Created': 'form_submit',
}

/** What a conversion is worth: its message's revenue, a fixed number, or nothing that could be counted. */
export type ConversionWorth = 'revenue' | 'count' | number

/** Events that are conversions, compared by `foldName`. `Checkout` alone may be its beginning. */
export const CONVERSIONS: Readonly<Record<string, ConversionWorth>> = {
  'Order Completed': 'revenue',
  'Checkout Completed': 'revenue',
  'Form Submitted': 'count',
  'Signed Up': 'count',
  'Sign Up': 'count',
  Lead: 'count',
  'Account Created': 'count',
}

/** Names are compared without case, and with `_`, `-` and runs of space as one space. */
export function foldName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
}

/** Values are compared with placeholders without case, surrounding space, quotes and brackets. */
export function foldValue(value: string): string {
  return value
    .trim()
    .toLowerCase()
    .replaceAll(/^(?:%22|["'`<>()[\]{}\s])+|(?:%22|["'`<>()[\]{}\s])+$/g, '')
}

/** Values that stand for "nobody" in the field, folded. All zeros and dashes, and ids too plain, are rules of their own. */
export const PLACEHOLDERS: ReadonlySet<string> = new Set(
  `null undefined nil none nan void na n/a n.a. #n/a -1 true false yes no ok empty blank missing default
  anonymous anon anonym anonymous_user anonymous-user anonymoususer guest guest_user guestuser visitor nobody
  unknown unknown_user invalid not_set notset not_available unavailable unidentified not_authenticated
  unauthenticated not_logged_in logged_out isauthenticated
  object undefined_undefined null_null
  id uid uuid guid user userid user_id user-id customer customerid customer_id client clientid client_id
  distinctid distinct_id anonymousid anonymous_id visitorid visitor_id deviceid device_id sessionid session_id
  email e-mail username user_name
  test test1 test123 testid test_id test-id testuser test_user test-user tester testing example sample demo dummy
  foo bar foobar asdf asdfgh asdfasdf qwerty qwertz abc abc123 abcd abcdef xyz
  1234567 12345678 123456789 1234567890 0123456789
  string redacted removed deleted hidden masked optout opt_out opt-out do_not_track`
    .split(/\s+/)
    .concat('object object', 'not set', 'not available', 'not logged in', 'logged out', 'no email'),
)

/** Local parts that stand for "no address", at any domain. */
export const NO_MAILBOX: ReadonlySet<string> = new Set(
  `noemail no-email no_email no.email nomail no-mail nomail none null undefined unknown anonymous anon guest
  notprovided not-provided notavailable not.provided noaddress refused declined fake`.split(/\s+/),
)

/** Mailboxes of a role: several people read them, so a form or a mention does not say who wrote. */
export const ROLE_MAILBOXES: ReadonlySet<string> = new Set(
  `abuse accounting accounts admin administration administrator all billing booking bookings buchhaltung
  careers compliance contact contacto customercare customerservice customersupport dev developers do-not-reply
  donotreply einkauf enquiries enquiry events everyone feedback finance hello help helpdesk hi hostmaster hr
  info infos information inquiries inquiry invoice invoices it jobs kontakt legal mail mailbox mailer-daemon
  marketing media news newsletter no-reply no.reply noc noreply notifications office operations order orders
  postmaster press privacy procurement purchasing reception recruiting recruitment registrar reply reservations
  returns root sales security service services shop spam staff store support sysadmin team tech ticket tickets
  test tester testing tests test1 test123 demo example sample foo asdf qwerty verkauf webmaster welcome`.split(
    /\s+/,
  ),
)

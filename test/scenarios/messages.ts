// Raw tracking messages as clients send them, in the few words a scenario needs.
// Invariant: nothing here knows what a message will come to mean; only the real parser and extraction do.

export type Json = Readonly<Record<string, unknown>>

/** One message on its way to a site. */
export interface Sent {
  readonly site: string
  readonly raw: Json
}

/** What a message may carry besides: all of it goes into the context. */
export interface Around {
  readonly ip?: string
  readonly device?: Json
  readonly externalIds?: readonly Json[]
  readonly consent?: Json
}

/** An iPhone as Safari describes it: millions answer alike. */
export const IPHONE: Json = {
  screen: { width: 390, height: 844, density: 3 },
  timezone: 'Europe/Berlin',
  locale: 'de-DE',
  os: { name: 'iOS' },
  gpu: 'Apple GPU',
}

/** A less common laptop. */
export const LAPTOP: Json = {
  screen: { width: 1504, height: 1003, density: 2 },
  timezone: 'Europe/Berlin',
  locale: 'de-AT',
  os: { name: 'Windows' },
  gpu: 'Arc 140V',
}

function contextOf({ ip, device, externalIds, consent }: Around): Json {
  return {
    ...device,
    ...(ip !== undefined && { ip }),
    ...(externalIds !== undefined && { externalIds }),
    ...(consent !== undefined && { consent }),
  }
}

function sent(type: string, cookie: string | null, fields: Json, around: Around): Sent {
  const context = contextOf(around)
  const who = cookie === null ? {} : { anonymousId: cookie }
  return { site: 'default', raw: { type, ...who, ...fields, context } }
}

/** A page view. */
export const page = (cookie: string, around: Around = {}): Sent =>
  sent('page', cookie, { name: 'Home' }, around)

/** A page view while logged in: the client sends its `userId` along. */
export const pageAs = (cookie: string, userId: string | number, around: Around = {}): Sent =>
  sent('page', cookie, { name: 'Home', userId }, around)

/** An event with its properties; which events name their sender is a table of the configuration. */
export const track = (
  cookie: string | null,
  event: string,
  properties: Json = {},
  around: Around = {},
): Sent => sent('track', cookie, { event, properties }, around)

/** `identify`; without a cookie it comes from a server. `userId` is one of the fields, the rest are traits. */
export const identify = (cookie: string | null, fields: Json, around: Around = {}): Sent => {
  const { userId, ...traits } = fields
  return sent('identify', cookie, { ...(userId !== undefined && { userId }), traits }, around)
}

export const alias = (previousId: string, userId: string, cookie: string | null = null): Sent =>
  sent('alias', cookie, { previousId, userId }, {})

/** The same message, to another site of the account. */
export const to = (site: string, message: Sent): Sent => ({ ...message, site })

export const login = (cookie: string, email: string, around: Around = {}): Sent =>
  track(cookie, 'Signed In', { email }, around)

export const signUp = (cookie: string, email: string, around: Around = {}): Sent =>
  track(cookie, 'Signed Up', { email }, around)

export const buy = (cookie: string, email: string, around: Around = {}): Sent =>
  track(cookie, 'Order Completed', { email }, around)

/** One message a number, from 1. */
export const each = (count: number, make: (n: number) => Sent): readonly Sent[] =>
  Array.from({ length: count }, (_, i) => make(i + 1))

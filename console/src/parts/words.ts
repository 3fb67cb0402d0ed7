// Numbers, times and identifiers as people read them.

const COUNT = new Intl.NumberFormat('en')
/** The year only where it is another one. */
const THIS_YEAR = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const DAY = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const STEPS = [
  [60, 1, 's'],
  [3_600, 60, 'min'],
  [86_400, 3_600, 'h'],
  [30 * 86_400, 86_400, 'd'],
] as const

export function count(n: number): string {
  return COUNT.format(n)
}

/** `1 profile`, `3 profiles`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** 0.9954 → `99.5 %`; never 100 % of what is not certain. */
export function percent(share: number): string {
  if (share > 0.9995 && share < 1) return '> 99.9 %'
  return `${(share * 100).toFixed(share > 0.99 ? 1 : 0)} %`
}

/** How long ago, short; the day where that is long. */
export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1_000)
  if (seconds < 5) return 'just now'
  const step = STEPS.find(([below]) => seconds < below)
  if (step !== undefined) return `${Math.floor(seconds / step[1])} ${step[2]} ago`
  const date = new Date(iso)
  const isThisYear = date.getUTCFullYear() === new Date(now).getUTCFullYear()
  return (isThisYear ? THIS_YEAR : DAY).format(date)
}

/** `2026-03-02 09:30:05 UTC`. */
export function exactly(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

/** `2 Mar 2026`, in UTC. */
export function dayWords(iso: string): string {
  return DAY.format(new Date(iso))
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

const SHOWN_CHARACTERS = 24

/** Digests and long ids by their beginning; the whole stands in the title. */
export function shortened(identifier: string): string {
  const colon = identifier.indexOf(':')
  const [type, value] = [identifier.slice(0, colon + 1), identifier.slice(colon + 1)]
  if (/^[0-9a-f]{40,}$/.test(value)) return `${type}${value.slice(0, 10)}…`
  return value.length > SHOWN_CHARACTERS
    ? `${type}${value.slice(0, SHOWN_CHARACTERS - 1)}…`
    : identifier
}

const KINDS_OF_EDGE: Readonly<Record<string, string>> = {
  login: 'logged in',
  checkout: 'checked out',
  form_submit: 'filled in a form',
  external_link: 'linked by another system',
  same_message: 'named in one message',
  alias: 'said to be the same',
  steward: 'said by a steward',
  same_session: 'in one session',
  ip_match: 'at this address',
  email_match: 'the same e-mail',
  signature_match: 'an alike device',
  ip_temporal: 'at one address at the same time',
  behaviour: 'alike in behaviour',
  alike: 'alike, by the model',
}

export function edgeWords(kind: string): string {
  return KINDS_OF_EDGE[kind] ?? kind.replaceAll('_', ' ')
}

/** The weakest link as the server words it, with the words that are used here; as it is where it has another form. */
export function linkWords(link: string): string {
  const [, kind, worth, ends] = /^([a-z_]+) ([01]\.\d+) between (.+)$/.exec(link) ?? []
  if (kind === undefined || worth === undefined || ends === undefined) return link
  return `${edgeWords(kind)}, ${percent(Number(worth))}: ${ends.replaceAll('external_id', 'external id')}`
}

const TYPES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  cookie: ['cookie', 'cookies'],
  email: ['e-mail', 'e-mails'],
  phone: ['phone', 'phones'],
  external_id: ['external id', 'external ids'],
  ip: ['address', 'addresses'],
  device_signature: ['device signature', 'device signatures'],
}

/** `3 cookies`, of a type of identifier. */
export function countedType(n: number, type: string): string {
  const [one, many] = TYPES[type] ?? [type.replaceAll('_', ' '), type.replaceAll('_', ' ')]
  return counted(n, one, many)
}

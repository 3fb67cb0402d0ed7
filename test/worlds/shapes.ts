// Graphs of shapes that go wrong: crowds at every limit, long paths, rings, stars of stars, ties, households that share.
// Each draws into one world; what they share, and what is decreed of them, is `shaped-world.ts`'s part.
import type { Identifier } from '../../src/core/identifier/identifier.ts'
import type { StoredEdgeKind } from '../../src/core/policy/edge-kind.ts'
import { SIGHTINGS_PER_DAY_MAX } from '../../src/core/evidence/crowd.ts'
import { type Drawing, type Of, time } from './drawing.ts'

/** Everything one identifier was named with, by as many as some limit allows, one less, some more. */
function crowd(drawing: Drawing): void {
  const { dice, policy } = drawing
  const of = dice.pick(['email', 'phone', 'user', 'card', 'ip', 'ip', 'signature'] as const)
  const hub = drawing.make(of)
  const rule = policy.types.get(hub.type)
  const limits = [rule?.crowdVoid ?? 0, rule?.crowdFull ?? 0, ...sizes(drawing)]
  if (rule?.role === 'witness')
    limits.push(SIGHTINGS_PER_DAY_MAX, SIGHTINGS_PER_DAY_MAX, policy.candidateAnchorsMax)
  const count = near(drawing, dice.pick(limits))
  const days = dice.pick([1, 1, 1, 2, Math.ceil(count / 10)])
  const logins = dice.pick(['nobody', 'nobody', 'each', 'some', 'one', 'one'])
  const same = drawing.make('email')
  const strangers = dice.whole(0, 3)
  const kind = dice.pick<StoredEdgeKind>(['login', 'form_submit', 'checkout'])
  for (let n = 0; n < count; n++) {
    const cookie = drawing.make('cookie')
    const at = time(n % days, 10 + dice.pick([0, 0, 0, 1]))
    if (rule?.role === 'witness') drawing.say({ cookie, witnesses: [hub], at })
    else drawing.say({ cookie, names: [hub], kind, at })
    if (logins === 'each' || (logins === 'some' && dice.whole(0, 2) === 0))
      drawing.say({ cookie, names: [drawing.make(dice.pick(['email', 'card']))], at })
    if (logins === 'one' && n >= strangers) drawing.say({ cookie, names: [same], at: time(n, 9) })
  }
}

/** A cookie that names as many as one may. */
function manyNamed(drawing: Drawing): void {
  const { dice, policy } = drawing
  const cookie = drawing.make('cookie')
  const count = near(drawing, policy.namedPerCookieMax)
  const common = dice.pick([null, drawing.make('card')])
  for (let n = 0; n < count; n++) {
    const one = drawing.make(dice.pick(['email', 'phone', 'card', 'card']))
    const names = common === null ? [one] : [one, common]
    drawing.say({ cookie, names, kind: dice.pick(['login', 'form_submit']), at: time(n) })
  }
}

/** A contact named with as many ids of one person as it may, some of them after it has changed hands. */
function manyIds(drawing: Drawing): void {
  const { dice, policy } = drawing
  const of = dice.pick(['email', 'phone', 'phone'] as const)
  const contact = drawing.make(of)
  const count = near(drawing, policy.idsPerContactMax)
  const pause = dice.pick([1, 1, 729, 730, 731, 732])
  for (let n = 0; n < count; n++) {
    const cookie = drawing.make('cookie')
    drawing.say({ cookie, names: [contact, drawing.make('user')], at: time(n * pause) })
    drawing.say({
      cookie,
      names: [drawing.make('email')],
      kind: 'form_submit',
      at: time(n * pause),
    })
  }
}

/** From 10 to 300 one after the other: cookies and what they name in turn. */
function path(drawing: Drawing): void {
  const { dice } = drawing
  const count = dice.pick([10, 20, 40, ...sizes(drawing), 300]) + dice.whole(-1, 2)
  const line = chain(drawing, count)
  const conflict = dice.pick(['ends', 'middle', 'none', 'halves'])
  const [first, middle, last] = [line[0], line[count >> 1], line.at(-1)]
  if (first === undefined || middle === undefined || last === undefined) return
  const own = (one: Identifier): void => drawing.tie(one, drawing.make('user'), 'login', time(1))
  if (conflict === 'ends' || conflict === 'halves') own(first)
  if (conflict === 'ends') own(last)
  if (conflict === 'middle')
    for (const one of line.slice((count >> 1) - 1, (count >> 1) + 1)) own(one)
  if (conflict === 'halves') own(middle)
}

/** A path whose ends meet, with a chord or two. */
function ring(drawing: Drawing): void {
  const { dice } = drawing
  const line = chain(drawing, dice.pick([4, 10, 30, ...sizes(drawing)]))
  const [first, last] = [line[0], line.at(-1)]
  if (first !== undefined && last !== undefined) tieMembers(drawing, first, last)
  for (let n = dice.whole(0, 2); n > 0; n--) tieMembers(drawing, dice.pick(line), dice.pick(line))
}

/** An id with cookies, each of which has another id with cookies of its own. */
function starOfStars(drawing: Drawing): void {
  const { dice } = drawing
  const outer = dice.pick(['card', 'email', 'user', 'phone'] as const)
  const hub = drawing.make(dice.pick(['card', 'email', 'phone']))
  const [arms, leaves] = [dice.whole(2, 25), dice.whole(1, 8)]
  for (let arm = 0; arm < arms; arm++) {
    const cookie = drawing.make('cookie')
    const own = drawing.make(outer)
    drawing.say({
      cookie,
      names: [hub],
      kind: dice.pick(['login', 'form_submit']),
      at: time(arm >> 3),
    })
    drawing.say({ cookie, names: [own], at: time(arm >> 3) })
    for (let leaf = 0; leaf < leaves; leaf++)
      drawing.say({ cookie: drawing.make('cookie'), names: [own], at: time(leaf) })
  }
}

/** More than a profile may hold, all of it equally strong and at the same time: only keys tell them apart. */
function ties(drawing: Drawing): void {
  const { dice } = drawing
  const hub = drawing.make('card')
  const of = dice.pick(['email', 'phone', 'user', 'crm'] as const)
  const kind = dice.pick<StoredEdgeKind>(['same_message', 'external_link', 'alias'])
  const ends = Array.from({ length: dice.whole(2, 9) }, () => drawing.make(of))
  for (const end of ends) drawing.tie(end, hub, kind)
  for (const end of ends) if (dice.whole(0, 1) === 0) drawing.tie(dice.pick(ends), end, kind)
  for (const end of ends)
    if (dice.whole(0, 1) === 0) drawing.say({ cookie: drawing.make('cookie'), names: [end] })
}

/** Cookies that are equally like each other: the same addresses and devices at the same hours. */
function alike(drawing: Drawing): void {
  const { dice } = drawing
  const witnesses = [drawing.make('ip'), drawing.make('ip'), drawing.make('signature')]
  for (let n = dice.whole(2, 12); n > 0; n--) {
    const cookie = drawing.make('cookie')
    const seen = { cookie, site: dice.pick(['a', 'a', 'b']) }
    drawing.say({
      ...seen,
      witnesses: witnesses.slice(0, dice.whole(1, 3)),
      at: time(0, dice.pick([10, 10, 11])),
    })
    if (dice.whole(0, 1) === 0)
      drawing.say({ ...seen, witnesses: [dice.pick(witnesses)], at: time(1) })
    if (dice.whole(0, 3) === 0) drawing.say({ ...seen, names: [drawing.make('email')] })
  }
}

/** Two families: a tablet, an address and a landline that both have used. */
function households(drawing: Drawing): void {
  const { dice } = drawing
  const [tablet, address, landline] = [
    drawing.make('cookie'),
    drawing.make('ip'),
    drawing.make('phone'),
  ]
  const device = drawing.make('signature')
  for (let family = 0; family < 2; family++) {
    const home = drawing.make('ip')
    for (let n = dice.whole(1, 4); n > 0; n--) {
      const names = [
        drawing.make('email'),
        ...(dice.whole(0, 1) === 0 ? [drawing.make('user')] : []),
      ]
      const cookie = drawing.make('cookie')
      const day = dice.whole(0, 3)
      drawing.say({ cookie, names, witnesses: [home], at: time(day) })
      drawing.say({
        cookie,
        witnesses: [address, device],
        at: time(dice.whole(0, 1), dice.whole(9, 11)),
      })
      if (dice.whole(0, 1) === 0)
        drawing.say({ cookie: tablet, names, witnesses: [device], at: time(day, 11) })
      if (dice.whole(0, 1) === 0)
        drawing.say({ cookie, names: [landline], kind: 'form_submit', at: time(day) })
    }
  }
}

export const SHAPES = {
  crowd,
  manyNamed,
  manyIds,
  path,
  ring,
  starOfStars,
  ties,
  alike,
  households,
}

/** Sizes a policy looks at: of a profile, and of what is looked at to decide one. */
function sizes({ policy }: Drawing): readonly number[] {
  return [policy.profileIdentifiersMax, policy.neighbourhoodIdentifiersMax]
}

function near({ dice }: Drawing, limit: number): number {
  return Math.max(2, limit + dice.pick([-2, -1, 0, 0, 1, 1, 2, 3, limit >> 1]))
}

/** Cookies and what they name in turn, or ids one after the other. */
function chain(drawing: Drawing, count: number): readonly Identifier[] {
  const { dice } = drawing
  const turns = dice.pick<readonly Of[]>([
    ['cookie', 'card'],
    ['cookie', 'email'],
    ['cookie', 'card', 'cookie', 'phone', 'cookie', 'email'],
    ['card'],
    ['email', 'card'],
  ])
  const equal = dice.pick([true, false])
  const line = Array.from({ length: count }, (_, n) =>
    drawing.make(turns[n % turns.length] ?? 'card'),
  )
  for (const [n, one] of line.entries()) {
    const next = line[n + 1]
    if (next !== undefined)
      tieMembers(drawing, one, next, equal ? time(0) : time(n % 5, 8 + (n % 7)))
  }
  return line
}

const KINDS: readonly StoredEdgeKind[] = ['login', 'checkout', 'form_submit', 'form_submit']

/** As a message would: cookies name, others are named together. */
export function tieMembers(drawing: Drawing, a: Identifier, b: Identifier, at = time(0)): void {
  const { dice } = drawing
  if (a.key === b.key) return
  const cookie = [a, b].find(({ type }) => type === 'cookie')
  const other = cookie === a ? b : a
  if (cookie === undefined) drawing.tie(a, b, dice.pick(['same_message', 'alias']), at)
  else if (other.type === 'cookie') drawing.tie(cookie, other, 'alias', at)
  else drawing.tie(cookie, other, dice.pick(KINDS), at)
}

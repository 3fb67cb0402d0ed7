// What a preview says is what then happens, on a real log and graph: ids, messages, golden values, questions; bounded.
import { expect, test } from 'vitest'

import { type OnAccount, type Timed, withAccount } from '../../../test/batch/account.ts'
import { parseIdentifierText } from '../../core/index.ts'
import { Verdicts } from '../../flows/give-verdict.ts'
import { accountLookUps } from '../answers/account-look-ups.ts'
import type { Answered } from '../answers/look-ups.ts'
import { ByHand } from './by-hand.ts'
import { PREVIEW_LIMITS } from './preview.ts'
import { Reviews } from './reviews.ts'

const AT = Date.UTC(2026, 2, 2, 10)
const SAM = { name: 'sam', token: null, now: AT }
const TRY = { note: '', dryRun: true }
const DO = { note: '', dryRun: false }

const said = (minute: number, cookie: string, traits: object): Timed => {
  const raw = { type: 'identify', anonymousId: cookie, traits, context: {} }
  return { at: AT + minute * 60_000, sent: { site: 'default', raw } }
}
const seen = (minute: number, cookie: string): Timed => {
  const raw = { type: 'page', anonymousId: cookie, name: 'Home', context: {} }
  return { at: AT + minute * 60_000, sent: { site: 'default', raw } }
}

/** Ana on her phone, first; and somebody who calls herself Anna, on a laptop and a tablet. */
const PEOPLE = [
  said(0, 'c-phone', { email: 'ana@example.com', firstName: 'Ana', city: 'Porto' }),
  seen(1, 'c-phone'),
  said(5, 'c-laptop', { email: 'anna@example.com', firstName: 'Anna' }),
  seen(6, 'c-laptop'),
  said(7, 'c-tablet', { email: 'anna@example.com', firstName: 'Anna' }),
]

interface OnPeople extends OnAccount {
  readonly reviews: Reviews
  readonly byHand: ByHand
  readonly ask: (a: string, b: string) => Promise<string>
  readonly profile: (asked: string) => Promise<{
    readonly id: string
    readonly known: ReadonlyMap<string, string | readonly string[]>
    readonly messages: number
  }>
}

async function withPeople(
  messages: readonly Timed[],
  work: (on: OnPeople) => Promise<void>,
): Promise<void> {
  await withAccount({}, async (on) => {
    const { account } = on
    await on.take(messages)
    const lookUps = accountLookUps(account)
    const verdicts = new Verdicts(account)
    const keyOf = (name: string): string => {
      const parsed = parseIdentifierText(account.extraction, `cookie:${name}`)
      return parsed.ok ? parsed.identifier.key : ''
    }
    await work({
      ...on,
      account,
      reviews: new Reviews(account, lookUps, verdicts),
      byHand: new ByHand(account, verdicts),
      ask: async (a, b) => {
        const about = { evidence: 1_000_000, reason: 'alike', scoredBy: null, worth: 7 }
        const [id = ''] = await account.resolver.ask([{ a: keyOf(a), b: keyOf(b), ...about }])
        await account.resolver.flush()
        return id
      },
      profile: async (asked) => {
        const one = valueOf(await lookUps.profile(asked, { sites: null }))
        const { events } = valueOf(await lookUps.timeline(one.id, 100))
        const values = one.golden?.values ?? []
        const known = new Map(values.map(({ attribute, value }) => [attribute, value]))
        return { id: one.id, known, messages: events.length }
      },
    })
  })
}

function valueOf<T>(answered: Answered<T>): T {
  if (!answered.ok) throw new Error(answered.message)
  return answered.value
}

test('of a question: both answers, and what "same" changes, is what then happens', () =>
  withPeople([...PEOPLE, seen(9, 'c-new')], async ({ reviews, ask, profile }) => {
    const id = await ask('c-phone', 'c-new')
    const [ana, other] = [await profile('cookie:c-phone'), await profile('cookie:c-new')]
    const { preview } = valueOf(await reviews.look(id, AT))
    const apart = preview?.different.profiles.map((one) => [one.id, one.size] as const)
    expect(new Map(apart)).toEqual(
      new Map([
        [ana.id, 2],
        [other.id, 1],
      ]),
    )
    expect(preview?.same).toMatchObject({
      profiles: [{ id: ana.id, size: 3 }],
      survives: ana.id,
      gives_way: [other.id],
      identifiers_moved: ['cookie:c-new'],
      events_moved: 1,
      events_moved_more: false,
      golden_changes: [],
      settles: [],
    })
    const decision = { verdict: 'same', note: '', seen: null } as const
    valueOf(await reviews.decide(id, decision, SAM))
    expect(await profile('cookie:c-new')).toEqual({ ...ana, messages: ana.messages + 1 })
    expect(valueOf(await reviews.look(id, AT)).preview).toBeNull()
  }))

test('of a merge by hand: messages and golden values that change are those that then do', () =>
  withPeople(PEOPLE, async ({ byHand, profile }) => {
    const [ana, anna] = [await profile('cookie:c-phone'), await profile('cookie:c-laptop')]
    const wanted = ['cookie:c-laptop', 'cookie:c-phone'] as const
    const { preview } = valueOf(await byHand.merge(wanted, TRY, SAM))
    if (preview === null) throw new Error('nothing was imagined')
    expect(preview).toMatchObject({
      survives: ana.id,
      gives_way: [anna.id],
      events_moved: anna.messages,
      events_moved_more: false,
    })
    valueOf(await byHand.merge(wanted, DO, SAM))
    const both = await profile('cookie:c-laptop')
    expect([both.id, both.messages]).toEqual([ana.id, ana.messages + anna.messages])
    const changed = [...both.known.keys()].filter(
      (name) => ana.known.get(name) !== both.known.get(name),
    )
    expect(changed).toContain('first_name')
    expect(preview.golden_changes).toEqual(
      expect.arrayContaining(
        changed.map((attribute) => ({
          attribute,
          before: ana.known.get(attribute) ?? null,
          after: both.known.get(attribute) ?? null,
        })),
      ),
    )
    expect(preview.golden_changes).toHaveLength(changed.length)
  }))

test('of a split: what leaves, and the messages with it', () =>
  withPeople(PEOPLE, async ({ byHand, profile }) => {
    const anna = await profile('cookie:c-laptop')
    const wanted = ['cookie:c-laptop', 'email:anna@example.com']
    const { preview, profiles } = valueOf(await byHand.split(anna.id, wanted, TRY, SAM))
    expect(preview).toMatchObject({ survives: anna.id, gives_way: [] })
    expect(profiles.map(({ size }) => size)).toEqual([2, 1])
    valueOf(await byHand.split(anna.id, wanted, DO, SAM))
    const left = await profile(anna.id)
    expect(anna.messages - left.messages).toBe(preview?.events_moved)
    expect(preview?.identifiers_moved).toEqual(['cookie:c-tablet'])
  }))

test('a merge settles the question that is open between the two, an answer only other ones', () =>
  withPeople([...PEOPLE, seen(9, 'c-new')], async ({ byHand, reviews, ask }) => {
    const id = await ask('c-phone', 'c-new')
    const other = await ask('c-laptop', 'c-new')
    const { preview } = valueOf(await byHand.merge(['cookie:c-new', 'cookie:c-phone'], TRY, SAM))
    expect(preview?.settles).toEqual([id])
    expect(valueOf(await reviews.look(id, AT)).preview?.same.settles).toEqual([])
    valueOf(await byHand.merge(['cookie:c-new', 'cookie:c-phone'], DO, SAM))
    expect((await reviews.look(id, AT)).ok).toBe(false)
    expect((await reviews.look(other, AT)).ok).toBe(true)
  }))

test('of more messages than are looked at, so many are counted, and that there are more is said', () => {
  const many = Array.from({ length: PREVIEW_LIMITS.messagesMax + 1 }, (_, i) => seen(i, 'c-busy'))
  return withPeople([seen(-1, 'c-old'), ...many], async ({ byHand }) => {
    const { preview } = valueOf(await byHand.merge(['cookie:c-busy', 'cookie:c-old'], TRY, SAM))
    expect(preview).toMatchObject({
      identifiers_moved: ['cookie:c-busy'],
      events_moved: PREVIEW_LIMITS.messagesMax,
      events_moved_more: true,
    })
  })
})

// Golden records as look-ups form them: what a batch run publishes, only of the sites that may be seen, up to a limit.
import { expect, test } from 'vitest'

import { type OnAccount, withAccount } from '../../../test/batch/account.ts'
import { CONFIGURATION, worldOf } from '../../../test/chaos/world.ts'
import { openCurrentRun, textOf } from '../../../test/cli/published.ts'
import { attributesOf } from '../../core/index.ts'
import { goldenOf } from '../../flows/golden-of.ts'
import { profileOf } from '../../flows/look-up.ts'
import { accountLookUps } from './account-look-ups.ts'
import type { ProfileAnswer } from './answer.ts'

const GOLDEN = {
  attributes: { every_city: { from: ['address.city', 'city'], rule: 'union' } },
}

type Golden = NonNullable<ProfileAnswer['golden']>

async function published({ account }: OnAccount): Promise<ReadonlyMap<string, Golden['values']>> {
  const { ask, close } = await openCurrentRun(account.layout.warehouseDirectory)
  const columns = attributesOf(account.active.settings).map(
    ({ name }) =>
      `struct_pack(attribute := '${name}', value := to_json(golden_${name}), source := golden_${name}_from)`,
  )
  const rows = await ask(`
    SELECT profile_id, one.attribute AS attribute, CAST(one.value AS VARCHAR) AS value, one.source.event_id AS event_id,
      one.source.site AS site, epoch_ms(one.source.at) AS at, one.source.rule AS rule, one.source.verified AS verified,
      one.source.different AS different, one.source.others AS others
    FROM (SELECT profile_id, unnest([${columns.join(', ')}]) AS one FROM profiles)
    WHERE one.source IS NOT NULL ORDER BY profile_id, attribute`)
  await close()
  const byProfile = new Map<string, Golden['values']>()
  for (const { profile_id: id, value, at, ...rest } of rows) {
    const known = { ...rest, value: JSON.parse(textOf(value)) as string, at: instantOf(Number(at)) }
    const values = byProfile.get(textOf(id)) ?? []
    // The columns are those of the answer.
    byProfile.set(textOf(id), [...values, known as unknown as Golden['values'][number]])
  }
  return byProfile
}

const instantOf = (ms: number): string => new Date(ms).toISOString()

test('of a whole world a look-up says what a run publishes', { timeout: 60_000 }, async () => {
  await withAccount({ ...CONFIGURATION, golden: GOLDEN }, async (on) => {
    const { sent } = worldOf(7, { people: 12, days: 5 })
    await on.take(
      sent.map(({ site, message }, n) => ({
        at: Date.parse(String(message['timestamp'])) + n,
        sent: { site, raw: message },
      })),
    )
    await on.run()
    const lookUps = accountLookUps(on.account)
    const tables = await published(on)
    expect(tables.size).toBeGreaterThan(4)
    const { ask, close } = await openCurrentRun(on.account.layout.warehouseDirectory)
    for (const { profile_id: id } of await ask('SELECT profile_id FROM profiles')) {
      const found = await lookUps.profile(textOf(id), { sites: null })
      const golden = found.ok ? found.value.golden : null
      expect([id, golden]).toEqual([id, { values: tables.get(textOf(id)) ?? [], whole: true }])
    }
    await close()
  })
})

const AT = Date.UTC(2026, 0, 1)

test('what was said on other sites is not told; past the limit it is said that there is more', async () => {
  await withAccount({}, async (on) => {
    const said = (site: string, city: string) => ({
      site,
      raw: { type: 'identify', anonymousId: 'c-1', traits: { city } },
    })
    const messages = [said('shop', 'Bonn'), said('clinic', 'Ulm'), said('shop', 'Hof')]
    await on.take(messages.map((sent, n) => ({ at: AT + n, sent })))
    const lookUps = accountLookUps(on.account)
    const cities = async (sites: readonly string[] | null): Promise<unknown> => {
      const found = await lookUps.profile('cookie:c-1', { sites })
      return found.ok && found.value.golden?.values.map(({ value, others }) => [value, ...others])
    }
    expect(await cities(null)).toEqual([['Hof', 'Ulm', 'Bonn']])
    expect(await cities(['clinic'])).toEqual([['Ulm']])
    expect(await cities(['app'])).toEqual([])
    const key = [...(await on.take([{ at: AT + 9, sent: said('shop', 'Jena') }]))][0] ?? ''
    const profile = await profileOf(on.account, key)
    if (profile === null) throw new Error('nobody')
    const attributes = attributesOf(on.account.active.settings)
    const question = { attributes, sites: null, lookedAtMax: 10_000 }
    const some = await goldenOf(on.account, profile, { ...question, messagesMax: 2 })
    expect(some).toMatchObject({ isWhole: false, values: [{ value: 'Jena', others: ['Hof'] }] })
    const all = await goldenOf(on.account, profile, { ...question, messagesMax: 4 })
    expect(all).toMatchObject({ isWhole: true, values: [{ different: 4 }] })
  })
})

test('what others did on a cookie that is shared leaves her own messages their place', async () => {
  await withAccount({}, async (on) => {
    const ana = { site: 'shop', raw: { type: 'identify', anonymousId: 'c-1', traits: {} } }
    const said = (email: string, city: string) => ({
      site: 'shop',
      raw: { type: 'identify', anonymousId: 'kiosk', userId: email, traits: { email, city } },
    })
    const own = { ...ana, raw: { ...ana.raw, userId: 'ana@example.com', traits: { city: 'Bonn' } } }
    const others = Array.from({ length: 30 }, (_, n) => said(`p${n % 3}@example.com`, `city ${n}`))
    const sent = [own, said('ana@example.com', 'Bonn'), ...others]
    await on.take(sent.map((one, n) => ({ at: AT + n * 7_200_000, sent: one })))
    const profile = await profileOf(
      on.account,
      [...(await on.take([{ at: AT, sent: own }]))][0] ?? '',
    )
    if (profile === null) throw new Error('nobody')
    expect(profile.sharedCookies.length).toBe(1)
    const question = { attributes: attributesOf(on.account.active.settings), sites: null }
    const limits = { messagesMax: 10, lookedAtMax: 10_000 }
    const whole = await goldenOf(on.account, profile, { ...question, ...limits })
    expect(whole).toMatchObject({ isWhole: true })
    expect(whole.values.find(({ attribute }) => attribute === 'city')?.value).toBe('Bonn')
    const some = await goldenOf(on.account, profile, { ...question, ...limits, lookedAtMax: 1 })
    expect(some.isWhole).toBe(false)
  })
})

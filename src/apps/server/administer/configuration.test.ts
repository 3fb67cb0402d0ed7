// The configuration as it is told: what is read can be posted back, and means the same.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { settingsOf } from '../../../../test/extraction.ts'
import { openInstallation, type Installation } from '../../../../test/server/installation.ts'
import { parseSettings, settingsOfAccount } from '../../../core/index.ts'
import { publishesOtherwise, readsOtherwise } from '../../../core/policy/compile-policy.ts'
import type { ConfigurationAnswer } from '../../answers/configuration-answer.ts'
import type { RunsAnswer } from '../../answers/run-answer.ts'

const shop = fileURLToPath(
  new URL('../../../../examples/simulated-shop/selfsame.config.json', import.meta.url),
)

const CONFIGURATIONS: readonly (readonly [name: string, configuration: object])[] = [
  ['nothing configured', {}],
  ['the example', JSON.parse(readFileSync(shop, 'utf8')) as object],
  [
    'a little of everything',
    {
      $schema: './selfsame.schema.json',
      phone: { defaultRegion: 'DE' },
      sites: {
        shop: { origins: ['https://shop.example'], userBase: 'all' },
        clinic: { crossSite: false },
        blog: { account: 'press' },
      },
      identifierTypes: { idfa: { role: 'witness', from: ['context.device.advertisingId'] } },
      namespaces: { loyalty: { unique: true } },
      events: { Subscribed: 'form_submit', Lead: 'none' },
      edges: { form_submit: 0.9 },
      thresholds: { merge: 0.9 },
      junk: { add: ['n0body'] },
      golden: { attributes: { plan: { rule: 'union', unionMax: 3 }, avatar: { rule: 'none' } } },
      conversions: { Subscribed: 12.5 },
      batch: { atHours: [3] },
      server: { trustedProxies: ['10.0.0.0/8'] },
    },
  ],
]

const within = async <T>(
  configuration: object,
  work: (installation: Installation, headers: Record<string, string>) => Promise<T>,
): Promise<T> => {
  const installation = await openInstallation(configuration)
  try {
    return await work(installation, {
      authorization: `Bearer ${await installation.token('admin')}`,
    })
  } finally {
    await installation.close()
  }
}

async function readFrom(
  { app }: Installation,
  headers: Record<string, string>,
): Promise<ConfigurationAnswer> {
  const response = await app.request('/v1/configuration', { headers }, {})
  return (await response.json()) as ConfigurationAnswer
}

describe('what is read', () => {
  test.each(CONFIGURATIONS)('of %s means the same when it is read again', (_, configuration) =>
    within(configuration, async (installation, headers) => {
      const { settings, policy_version: version } = await readFrom(installation, headers)
      const [account] = installation.accounts
      if (account === undefined) throw new Error('no account')
      expect(version).toBe(account.active.policy.version)
      expect(Object.hasOwn(settings, '$schema')).toBe(false)
      const again = parseSettings(settings)
      if (!again.ok) throw new Error(JSON.stringify(again.problems))
      const { $schema: _schema, ...active } = account.active.settings
      expect(settingsOfAccount(again.settings, account.name)).toEqual(active)
      expect(readsOtherwise(active, again.settings)).toBe(false)
      expect(publishesOtherwise(active, again.settings)).toBe(false)
    }),
  )

  test('posted back to a run becomes no other policy, one change of it does', () =>
    within(settingsOf(CONFIGURATIONS[2]?.[1]), async (installation, headers) => {
      const { settings, policy_version: version } = await readFrom(installation, headers)
      const run = async (posted: object): Promise<RunsAnswer> => {
        const body = JSON.stringify({ settings: posted })
        const begun = await installation.app.request(
          '/v1/runs',
          { method: 'POST', headers, body },
          {},
        )
        expect(begun.status).toBe(200)
        const told = async (): Promise<RunsAnswer> =>
          (await (await installation.app.request('/v1/runs', { headers }, {})).json()) as RunsAnswer
        await expect
          .poll(async () => (await told()).latest?.state, { timeout: 30_000 })
          .toBe('done')
        return told()
      }
      const { latest } = await run(settings)
      expect(latest?.outcome?.notices).toEqual([])
      expect((await readFrom(installation, headers)).policy_version).toBe(version)
      await run({ ...settings, thresholds: { merge: 0.8 } })
      const changed = await readFrom(installation, headers)
      expect(changed.policy_version).not.toBe(version)
      expect(changed.settings['thresholds']).toMatchObject({ merge: 0.8 })
    }))
})

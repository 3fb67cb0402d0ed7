// Merges, splits and quarantines by hand through the real app: a preview changes nothing and says what the deed then does.
import { expect, test } from 'vitest'

import { type Installation, openInstallation } from '../../../../test/server/installation.ts'
import type { ProfileAnswer } from '../../answers/answer.ts'
import type { DecreeAnswer } from '../../answers/decree-answer.ts'

/** With what a problem says instead. */
type Answer = DecreeAnswer & { readonly detail?: string }

interface OnProfiles {
  readonly installation: Installation
  readonly post: (path: string, body: object) => Promise<{ status: number; answer: Answer }>
  readonly undo: (decision: string | null) => Promise<number>
  readonly profileOf: (asked: string) => Promise<ProfileAnswer>
}

/** Ana by e-mail on two devices; a visitor of whom nothing is known. */
const MESSAGES = [
  {
    type: 'identify',
    anonymousId: 'c-phone',
    messageId: 'm1',
    traits: { email: 'ana@example.com' },
  },
  {
    type: 'identify',
    anonymousId: 'c-laptop',
    messageId: 'm2',
    traits: { email: 'ana@example.com' },
  },
  { type: 'page', anonymousId: 'c-library', messageId: 'm3' },
]

async function withProfiles(work: (on: OnProfiles) => Promise<void>): Promise<void> {
  const installation = await openInstallation({ sites: { shop: {} } })
  try {
    const writeKey = await installation.writeKey('shop')
    const body = JSON.stringify({ writeKey, batch: MESSAGES })
    await installation.app.request('/v1/import?resolve=sync', { method: 'POST', body }, {})
    const headers = { authorization: `Bearer ${await installation.token('steward')}` }
    const ask = async (method: string, path: string, posted?: object) =>
      installation.app.request(
        path,
        { method, headers, ...(posted && { body: JSON.stringify(posted) }) },
        {},
      )
    await work({
      installation,
      post: async (path, posted) => {
        const response = await ask('POST', path, posted)
        return { status: response.status, answer: (await response.json()) as Answer }
      },
      undo: async (decision) =>
        (await ask('DELETE', `/v1/reviews/${decision ?? ''}/decision`)).status,
      profileOf: async (asked) =>
        (await (await ask('GET', `/v1/profiles?identifier=${asked}`)).json()) as ProfileAnswer,
    })
  } finally {
    await installation.close()
  }
}

const sizes = ({ profiles }: DecreeAnswer): readonly number[] => profiles.map(({ size }) => size)

test('a merge: the preview, the deed, the undo', () =>
  withProfiles(async ({ post, undo, profileOf, installation }) => {
    const ana = await profileOf('cookie:c-phone')
    const wanted = { profiles: [ana.id, 'cookie:c-library'], note: 'she said so' }
    const preview = await post('/v1/profiles/merge?dry_run=true', wanted)
    expect(preview.answer).toMatchObject({ dry_run: true, decision: null, profiles: [{ size: 4 }] })
    expect((await profileOf('cookie:c-library')).identifiers).toHaveLength(1)
    const end = installation.accounts[0]?.log.end()
    const done = await post('/v1/profiles/merge', wanted)
    expect(done.answer.profiles).toEqual(preview.answer.profiles)
    expect(installation.accounts[0]?.log.end()).toBe((end ?? 0) + 1)
    expect((await profileOf('cookie:c-library')).id).toBe((await profileOf('cookie:c-phone')).id)
    expect((await post('/v1/profiles/merge', wanted)).status).toBe(409)
    expect(await undo(done.answer.decision)).toBe(200)
    expect((await profileOf('cookie:c-library')).identifiers).toHaveLength(1)
  }))

test('a split: what is picked is somebody else, also when it is named again; then a merge is refused', () =>
  withProfiles(async ({ post, profileOf }) => {
    const ana = await profileOf('cookie:c-phone')
    const path = `/v1/profiles/${ana.id}/split`
    const wanted = { identifiers: ['cookie:c-laptop'], note: 'her brother’s' }
    const preview = await post(`${path}?dry_run=true`, wanted)
    expect(sizes(preview.answer)).toEqual([2, 1])
    const done = await post(path, wanted)
    expect(done.answer).toMatchObject({
      dry_run: false,
      profiles: preview.answer.profiles.map(({ identifiers, size }) => ({ identifiers, size })),
    })
    expect(preview.answer.profiles.map(({ id }) => id)).toEqual([ana.id, null])
    expect(preview.answer.preview).toEqual({
      survives: ana.id,
      gives_way: [],
      identifiers_moved: ['cookie:c-laptop'],
      events_moved: 0,
      events_moved_more: false,
      golden_changes: [],
      settles: [],
    })
    expect((await profileOf('cookie:c-laptop')).id).not.toBe((await profileOf('cookie:c-phone')).id)
    const back = await post('/v1/profiles/merge', { profiles: ['cookie:c-laptop', ana.id] })
    expect(back.status).toBe(409)
    expect(back.answer.detail).toMatch(/^it contradicts .*different by test/)
    expect((await post(path, { identifiers: ['cookie:c-library'] })).status).toBe(409)
    expect((await post(path, { identifiers: ['hat:1'] })).status).toBe(400)
    expect((await post('/v1/profiles/prf_never/split', wanted)).status).toBe(404)
  }))

test('a quarantine parts what only the identifier held together, a release joins it again', () =>
  withProfiles(async ({ post, profileOf }) => {
    const wanted = { identifier: 'email:ana@example.com', note: 'a mailbox of many' }
    const preview = await post('/v1/identifiers/quarantine?dry_run=true', wanted)
    expect(sizes(preview.answer)).toEqual([1, 1, 1])
    expect((await profileOf('cookie:c-phone')).identifiers).toHaveLength(3)
    expect(sizes((await post('/v1/identifiers/quarantine', wanted)).answer)).toEqual([1, 1, 1])
    expect((await profileOf('cookie:c-phone')).identifiers).toHaveLength(1)
    expect((await post('/v1/identifiers/release', wanted)).status).toBe(200)
    expect((await profileOf('cookie:c-phone')).identifiers).toHaveLength(3)
    expect((await post('/v1/identifiers/release', { identifier: 'cookie:c-never' })).status).toBe(
      404,
    )
  }))

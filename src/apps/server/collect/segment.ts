// The paths of the Segment HTTP tracking API, long and short, and the document its browser client starts from.
// RudderStack's clients use the same paths for messages and batches.

import { Hono } from 'hono'

import { EVENT_TYPES } from '../../../core/event/event.ts'
import { openToPages } from '../who/cross-origin.ts'
import type { Env, ServerParts } from '../parts.ts'
import { problem } from '../problem.ts'
import { collect, type Path } from './collect.ts'
import { importLines, isLines } from './import-lines.ts'
import { REFUSALS } from './wire.ts'

const SETTINGS_SECONDS = 86_400

/** Path below /v1 -> what is sent there. The browser's paths are the first letters. */
const PATHS: readonly (readonly [name: string, path: Path])[] = [
  ...EVENT_TYPES.flatMap((type) => {
    const path = { type, single: true, historical: false, wire: null }
    return [[type, path] as const, [type.slice(0, 1), path] as const]
  }),
  // RudderStack's: says its own type, which is not understood, and is kept.
  ['merge', { type: null, single: true, historical: false, wire: null }],
  ['batch', { type: null, single: false, historical: false, wire: null }],
  ['b', { type: null, single: false, historical: false, wire: null }],
  ['import', { type: null, single: false, historical: true, wire: null }],
]

export function segmentRoutes(parts: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  for (const [name, path] of PATHS) {
    routes.use(`/${name}`, openToPages())
    routes.post(`/${name}`, async (c) =>
      name === 'import' && isLines(c.req.header('content-type'))
        ? importLines(parts, c)
        : collect(parts, c, path),
    )
  }
  routes.use('/projects/:writeKey/settings', openToPages())
  routes.get('/projects/:writeKey/settings', async (c) => {
    const writeKey = c.req.param('writeKey')
    if ((await parts.access.sender(writeKey)) === null) {
      const [, detail] = REFUSALS.wrong_write_key
      const title = 'there is no such write key'
      return problem({ status: 404, title, detail, reason: 'wrong_write_key' })
    }
    c.header('cache-control', `public, max-age=${SETTINGS_SECONDS}`)
    return c.json(settingsDocument(writeKey))
  })
  return routes
}

/** What a browser client must read before it starts. */
function settingsDocument(apiKey: string) {
  const versionSettings = { version: '4.4.7', componentTypes: ['browser'] }
  const enabled = { __default: { enabled: true } }
  return {
    integrations: { 'Segment.io': { apiKey, versionSettings } },
    plan: { track: enabled, identify: enabled, group: enabled },
    analyticsNextEnabled: true,
    // Without it the client counts its own calls, and sends that to its maker unless told another host.
    metrics: { sampleRate: 0 },
  }
}

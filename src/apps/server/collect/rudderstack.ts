// What RudderStack's clients ask for beside the paths they share with Segment's: configuration, pixel and beacon.

import { Hono, type Context } from 'hono'

import type { EventType, Fields } from '../../../core/event/event.ts'
import { openToPages } from '../who/cross-origin.ts'
import type { Env, ServerParts } from '../parts.ts'
import { collect, type Path } from './collect.ts'
import { WIRES } from './wire.ts'
import { writeKeyOf } from './write-key.ts'

const BEACON: Path = { type: null, single: false, historical: false, wire: WIRES.rudderstack }

/** A transparent GIF of one pixel. */
const PIXEL = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

export function rudderstackRoutes(parts: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  for (const path of ['/sourceConfig', '/sourceConfig/']) {
    routes.use(path, openToPages())
    routes.get(path, async (c) => sourceConfig(parts, c))
  }
  routes.use('/beacon/v1/batch', openToPages())
  routes.post('/beacon/v1/batch', async (c) => collect(parts, c, BEACON))
  for (const type of ['track', 'page'] as const) {
    routes.use(`/pixel/v1/${type}`, openToPages())
    routes.get(`/pixel/v1/${type}`, async (c) => pixel(parts, c, type))
  }
  routes.get('/health', (c) => c.json({ server: 'UP' }))
  return routes
}

/** What the browser client must read before it starts: a source without destinations of its own. */
async function sourceConfig({ access }: ServerParts, c: Context<Env>): Promise<Response> {
  const key = writeKeyOf(c)
  if (key === null) return WIRES.rudderstack.refused('no_write_key', null)
  const sender = await access.sender(key)
  if (sender === null) return WIRES.rudderstack.refused('wrong_write_key', null)
  const { site: name, account: workspaceId } = sender
  const source = {
    id: sender.keyId,
    name,
    workspaceId,
    enabled: true,
    config: {},
    destinations: [],
  }
  return c.json({ source })
}

async function pixel(parts: ServerParts, c: Context<Env>, type: EventType): Promise<Response> {
  const path: Path = { type, single: true, historical: false, wire: WIRES.rudderstack }
  const answer = await collect(parts, c, path, { fields: messageOfQuery(c.req.query()) })
  if (!answer.ok) return answer
  const bytes = Uint8Array.from(atob(PIXEL), (character) => character.charCodeAt(0))
  const headers = { 'content-type': 'image/gif', 'cache-control': 'no-store' }
  return new Response(bytes, { headers })
}

const DEPTH_MAX = 5

/** Names with dots are places in the message: `context.page.url=…`. */
function messageOfQuery(query: Readonly<Record<string, string>>): Fields {
  const message: Place = new Map()
  for (const [name, value] of Object.entries(query)) {
    const steps = name.split('.')
    const last = steps.pop()
    if (name === 'writeKey' || last === undefined || steps.length >= DEPTH_MAX) continue
    let place = message
    for (const step of steps) {
      const known = place.get(step)
      const next: Place = known instanceof Map ? known : new Map()
      place.set(step, next)
      place = next
    }
    place.set(last, value)
  }
  return fieldsOf(message)
}

type Place = Map<string, string | Place>

/** By `fromEntries`, so that a name such as `__proto__` stays a name. */
function fieldsOf(place: Place): Fields {
  const entries = [...place].map(([name, inner]) => {
    return [name, inner instanceof Map ? fieldsOf(inner) : inner] as const
  })
  return Object.fromEntries(entries)
}

// `GET /v1/stream`: the feed as Server-Sent Events, from a place on. No route of the table, since its answer has no end.

import { type Context, Hono } from 'hono'

import { placeOfText } from '../../answers/feed-answer.ts'
import { noAnswer } from '../../answers/look-ups.ts'
import type { Env, ServerParts } from '../parts.ts'
import { problem } from '../problem.ts'
import type { Ear } from '../stream/listener.ts'
import type { WantedPlace } from '../stream/streams.ts'
import { type Asking, askingOf, isStill } from '../who/callers.ts'
import { limitedToSites, misnamedIn, problemOf } from './route.ts'

/** Sent by who comes back, as EventSource does by itself. */
const LAST_ID_HEADER = 'last-event-id'

/** Seconds after which a stream that is full, or a server that stops, is worth another try. */
const RETRY_AFTER_SECONDS = 2

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // A proxy that gathers before it sends would keep everything back.
  'x-accel-buffering': 'no',
  // The connection ends with the stream, so that a server that stops waits for nobody.
  connection: 'close',
}

/** An id that is none of ours; of no feed, so that who has it is told to read anew. */
const NOWHERE = { epoch: '', sequence: 0 }

export function streamRoutes(parts: ServerParts): Hono<Env> {
  const routes = new Hono<Env>()
  routes.get('/v1/stream', async (c) => {
    const asking = await askingOf(parts, c, 'reader')
    if (asking instanceof Response) return asking
    if (asking.caller.sites !== null) return limitedToSites()
    const misnamed = misnamedIn(c.req.query(), ['after'])
    if (misnamed !== null) return problemOf(misnamed)
    const place = placeFor(c)
    if (place === undefined)
      return problemOf(noAnswer(400, '"after" is an id of the stream, or "start"'))
    if (c.req.method === 'HEAD') return new Response(null, { headers: HEADERS })
    const stream = await asking.served.streams.listen(place, earOf(parts, c, asking))
    return stream === null ? tooMany() : new Response(stream, { headers: HEADERS })
  })
  return routes
}

/** Undefined for one that is not understood. */
function placeFor(c: Context<Env>): WantedPlace | undefined {
  const lastId = c.req.header(LAST_ID_HEADER)
  if (lastId !== undefined && lastId !== '') {
    const place = placeOfText(lastId)
    return place === null || typeof place === 'string' ? NOWHERE : place
  }
  const after = c.req.query('after')
  return after === undefined ? null : (placeOfText(after) ?? undefined)
}

function earOf(parts: ServerParts, c: Context<Env>, asking: Asking): Ear {
  const cut = c.env.cut ?? (() => undefined)
  return { mayListen: () => isStill(parts, c, asking.caller), cut }
}

function tooMany(): Response {
  const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) }
  const detail = 'as many listen as may at once, or the server stops: come again'
  return problem({ status: 503, title: 'no stream is free', detail, reason: 'no_stream', headers })
}

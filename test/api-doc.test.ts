// docs/api.md: every route of the query API, each with a request that was made and the answer that came.
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'
import { z } from 'zod'

import { createClient } from '../src/apps/client/index.ts'
import { parseIdentifierText } from '../src/core/index.ts'
import type { Route } from '../src/apps/server/ask/route.ts'
import { NO_BODY } from '../src/apps/server/ask/route.ts'
import { ROUTES } from '../src/apps/server/app.ts'
import { openInstallation, type Installation } from './server/installation.ts'
import { learnedHomes } from './worlds/homes.ts'

const FILE = fileURLToPath(new URL('../docs/api.md', import.meta.url))

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString()

/** Ana on her phone and her laptop, two visitors who say nothing, and what nobody understood. */
const MESSAGES = [
  { type: 'page', anonymousId: 'c-phone', messageId: 'm1', timestamp: at(0), name: 'Shoes' },
  {
    type: 'track',
    anonymousId: 'c-phone',
    messageId: 'm2',
    timestamp: at(2),
    event: 'Signed Up',
    properties: { email: 'ana@example.com' },
  },
  {
    type: 'identify',
    anonymousId: 'c-laptop',
    messageId: 'm3',
    timestamp: at(9),
    userId: '42',
    traits: { email: 'ana@example.com' },
  },
  { type: 'page', anonymousId: 'c-library', messageId: 'm5', timestamp: at(11), name: 'Shoes' },
  { type: 'page', anonymousId: 'c-kiosk', messageId: 'm6', timestamp: at(12), name: 'Shoes' },
  { type: 'wave', anonymousId: 'c-phone', messageId: 'm4', timestamp: at(10) },
]

/** What to ask each operation; of a profile `ID` is hers. */
const EXAMPLES: Readonly<Record<string, { readonly query?: string; readonly body?: object }>> = {
  findProfile: { query: '?identifier=email:ana@example.com' },
  getProfile: { query: '?golden=true' },
  getTimeline: { query: '?limit=2' },
  getHistory: {},
  getGraph: {},
  explain: { query: '?a=cookie:c-phone&b=cookie:c-laptop' },
  listVisitors: { query: '?limit=2' },
  search: { query: '?q=ana@' },
  listChanges: { query: '?after=start&limit=2' },
  getStats: {},
  getPulse: {},
  getModel: {},
  listReviews: { query: '?limit=1' },
  getReview: {},
  claimReview: {},
  releaseReview: {},
  decideReview: {
    body: { verdict: 'same', note: 'she said so on the phone', seen: { a: 2, b: 2 } },
  },
  undoDecision: {},
  listPromiscuous: { query: '?limit=2' },
  mergeProfiles: {
    query: '?dry_run=true',
    body: { profiles: ['cookie:c-library', 'cookie:c-phone'], note: 'she said so on the phone' },
  },
  splitProfile: { query: '?dry_run=true', body: { identifiers: ['cookie:c-laptop'] } },
  quarantineIdentifier: {
    query: '?dry_run=true',
    body: { identifier: 'email:ana@example.com', note: 'a mailbox of many' },
  },
  releaseIdentifier: { query: '?dry_run=true', body: { identifier: 'email:ana@example.com' } },
  listRejects: {},
  replayRejects: {},
  listRuns: {},
  startRun: { body: { dry_run: true } },
  getConfiguration: {},
  listKeys: {},
  createKey: { body: { kind: 'token', role: 'reader', label: 'recommendations' } },
  revokeKey: {},
}

interface Asked {
  readonly installation: Installation
  readonly admin: string
  readonly profile: string
  readonly review: string
}

async function prepared(): Promise<Asked> {
  // Two cookies on one day are a crowd here, so that there is one.
  const configuration = { sites: { shop: {} }, promiscuity: { email: { warn: 2 } } }
  const installation = await openInstallation(configuration, '5e1f5a3e'.repeat(8))
  const writeKey = await installation.writeKey('shop')
  // Keys are listed by when they were made: not in one and the same millisecond.
  await new Promise((resolve) => setTimeout(resolve, 2))
  const admin = await installation.token('admin')
  const body = JSON.stringify({ writeKey, batch: MESSAGES })
  const sent = await installation.app.request(
    '/v1/import?resolve=sync',
    { method: 'POST', body },
    {},
  )
  const { messages } = (await sent.json()) as { messages: readonly { profile?: string }[] }
  await installation.accounts[0]?.resolver.flush()
  const served = installation.parts.accounts.get('default')
  served?.runs.start({ dryRun: false, settings: null })
  await expect.poll(() => served?.runs.latest?.state, { timeout: 30_000 }).toBe('done')
  return {
    installation,
    admin,
    profile: messages[2]?.profile ?? '',
    review: await askOne(installation),
  }
}

/** A question whether the two visitors are one person, as a run asks it. */
async function askOne({ accounts: [account] }: Installation): Promise<string> {
  if (account === undefined) throw new Error('an installation without an account')
  const [a = '', b = ''] = ['c-library', 'c-kiosk'].map((name) => {
    const parsed = parseIdentifierText(account.extraction, `cookie:${name}`)
    return parsed.ok ? parsed.identifier.key : ''
  })
  const about = { evidence: 1_000_000, reason: 'the same device signature', scoredBy: null }
  const [id = ''] = await account.resolver.ask([{ a, b, ...about, worth: 232_000 }])
  await account.resolver.flush()
  return id
}

/** Of what differs from run to run: keys, and times that are the clock's. */
const settled = (text: string): string =>
  text
    .replaceAll(/"20\d\d-[\d-]+T[\d:.]+Z"/g, (time) =>
      time.startsWith('"2026-03-02') ? time : '"2026-03-02T12:00:00.000Z"',
    )
    .replaceAll(/\b[0-9a-f]{10}-(\d+)\b/g, '7d67e80902-$1')
    .replaceAll(/"seconds": [\d.]+/g, '"seconds": 0.1')
    .replaceAll(/key_[\w-]{12}/g, 'key_Xk2bqmJ0w1aP')
    .replaceAll(/dec_[\w-]{36}/g, 'dec_5d0c19f2-4b1e-4c7a-9a53-1f6e8f0d2b11')
    .replaceAll(/sst_[\w-]{32}/g, 'sst_…')
    .replaceAll(/serve-2[\dT-]+Z\.ndjson/g, 'serve-2026-03-02T12-00-00-000Z.ndjson')

/** Of a run's stages and of the settings, the first. */
function shortened(answer: unknown): unknown {
  const { latest, settings } = answer as { latest?: { stages: unknown[] }; settings?: object }
  latest?.stages.splice(2)
  if (settings === undefined) return answer
  const first = Object.fromEntries(Object.entries(settings).slice(0, 4))
  return { ...(answer as object), settings: { ...first, '…': 'and all others' } }
}

async function sectionOf(
  { installation, admin, profile, review }: Asked,
  route: Route,
): Promise<string> {
  const { method, path, operation, summary, role, forSites, body } = route
  const { query = '', body: posted } = EXAMPLES[operation] ?? {}
  // The server does so every few seconds; whether that was meanwhile must not show.
  await installation.parts.access.noteUse()
  const [key] = (await installation.parts.keys.store.list('default')).slice(-1)
  const ids = { keys: key?.id ?? '', reviews: review, profiles: profile }
  const id = Object.entries(ids).find(([name]) => path.startsWith(`/v1/${name}`))?.[1] ?? ''
  const url = path.replace('{id}', id) + query
  const sent = posted === undefined ? {} : { body: JSON.stringify(posted) }
  const headers = { authorization: `Bearer ${admin}` }
  const init = { method: method.toUpperCase(), headers, ...sent }
  const response = await installation.app.request(url, init, {})
  expect([operation, response.status]).toEqual([operation, 200])
  const answer = JSON.stringify(shortened(await response.json()), null, 2)
  const limits = forSites ? 'also of a token that is limited to sites' : 'without a limit to sites'
  return [
    `## ${summary}`,
    `\`${method.toUpperCase()} ${path}\`: \`${operation}\`, role \`${role}\`, ${limits}.`,
    parametersOf(route.params),
    ...(body === NO_BODY ? [] : bodiesOf(body)),
    `\`\`\`\n${method.toUpperCase()} ${url}${posted === undefined ? '' : `\n\n${JSON.stringify(posted)}`}\n\`\`\``,
    `\`\`\`json\n${answer}\n\`\`\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const parametersOf = (schema: z.ZodType): string => namesOf(z.toJSONSchema(schema, { io: 'input' }))

/** Each shape a body may have. */
function bodiesOf(schema: z.ZodType): readonly string[] {
  const one = z.toJSONSchema(schema, { io: 'input' })
  const shapes = one.oneOf ?? one.anyOf ?? [one]
  return shapes.flatMap((shape, i) => [i === 0 ? 'Body:' : 'or:', namesOf(shape)])
}

type JsonSchema = z.core.JSONSchema.BaseSchema

function namesOf({ properties = {}, required = [] }: JsonSchema): string {
  return Object.entries(properties)
    .map(([name, property]) => {
      const {
        description,
        const: only,
        enum: words,
        default: usual,
      } = typeof property === 'object' ? property : {}
      const allowed = only === undefined ? words : [only]
      const said = description ?? allowed?.map((word) => JSON.stringify(word)).join(', ') ?? ''
      const optional = required.includes(name) ? '' : ' (optional)'
      const value = usual === undefined ? '' : `; ${JSON.stringify(usual)} if left out`
      return `- \`${name}\`${optional}: ${said}${value}`
    })
    .join('\n')
}

/** How each method of the client is called, and what it answers. */
const METHODS: Readonly<Record<string, string>> = {
  'profile(asked, { golden })':
    'the profile of `TYPE:VALUE`, or of a profile id; with its golden record if `golden` is true',
  'timeline(id, { limit, before })':
    'what the person did; `next` is the `before` of the page before',
  'history(id, { limit })': 'merges, splits and decisions of a profile',
  'graph(id, { limit })': 'its identifiers, what is one edge away, and the edges',
  'explain(a, b)': 'why two identifiers are one person, or are not',
  'explainMembership(a)': 'why an identifier is in its profile',
  'visitors({ kind, state, site, limit, before })':
    'profiles by when they were last heard of, the latest first',
  'search(q)': 'who is meant by an id, an identifier, or a part of a name or contact',
  'changes(after, { limit })': 'what happened after a place of the feed; `start` for all of it',
  'stream({ after, signal })':
    'what happens, as it happens, for `for await`; comes back by itself after a dropped connection',
  'stats()': 'how much there is of everything, and what was learned',
  'pulse()': 'how it is doing at this instant; cheap enough to be asked every second',
  'model()': 'what was learned, with its weights',
  'reviews({ status, limit, after })': 'questions to stewards, or what was decided (role steward)',
  'review(id)': 'one of them, with both profiles and what speaks for one person (role steward)',
  'claimReview(id)': 'says that you are looking at it (role steward)',
  'releaseReview(id)': 'says that you are not any more (role steward)',
  'decideReview(id, wanted)': 'decides it (role steward)',
  'undoDecision(id)': 'takes a decision back (role steward)',
  'mergeProfiles(wanted, { dryRun })':
    'says that two profiles are one person, or what would come of it (role steward)',
  'splitProfile(id, wanted, { dryRun })':
    'says that some identifiers of a profile are somebody else (role steward)',
  'promiscuousIdentifiers({ limit, after })':
    'identifiers that hold many together, the most crowded first (role steward)',
  'quarantineIdentifier(wanted, { dryRun })':
    'an identifier joins nobody from then on (role steward)',
  'releaseIdentifier(wanted, { dryRun })': 'it does again (role steward)',
  'rejects({ limit, before })': 'messages that were sent and not taken (role admin)',
  'replayRejects()': 'takes every kept reject once more (role admin)',
  'runs()': 'batch runs: the latest with its stages, and those that were published',
  'startRun(wanted)': 'begins a batch run, which goes on after the answer (role admin)',
  'configuration()': 'what runs decide by, to be changed and posted to `startRun` (role admin)',
  'keys()': 'write keys and tokens of the account (role admin)',
  'createKey(wanted)': 'makes a write key or token; shown only in this answer (role admin)',
  'revokeKey(id)': 'makes a key void (role admin)',
}

test('docs/api.md lists every method of the client', () => {
  const methods = Object.keys(createClient({ url: 'http://127.0.0.1' }))
  const listed = Object.keys(METHODS).map((call) => call.slice(0, call.indexOf('(')))
  expect(listed).toEqual(methods)
})

const INTRO = `# Query API

JSON over HTTP. Every request carries a token, \`Authorization: Bearer sst_…\`; \`selfsame keys create --role reader\` makes one. Roles are reader, steward and admin, each may do what the ones before it may. Browsers exchange a token for a cookie by \`POST /v1/session\` with \`{"token": "sst_…"}\`, and end it by \`DELETE /v1/session\`; it ends by itself after twelve hours. \`GET /v1/session\` says who asks: \`name\` (what the token was made for, by which decisions are signed), \`account\`, \`role\` and \`sites\`. With the cookie nothing is changed but from a page of the server's own origin, which \`Origin\` or \`Sec-Fetch-Site\` must say. Pages of other origins may send messages, and ask nothing: there is no CORS here, so a page that asks is served from the same origin, by the proxy in front.

Whatever is no answer is a problem (RFC 9457): \`{"type", "status", "title", "detail", "reason"}\`; \`reason\` is a word for programs. 400 not understood, 401 no token, 403 not allowed, 404 never seen, 405 another method (\`Allow\` says which), 409 not at this moment, 410 erased, 429 too fast (with \`Retry-After\`), 503 the store does not answer. What is wrong with a parameter, or that a path knows none of that name, is said in \`detail\`.

The same as an OpenAPI 3.1 document: \`GET /openapi.json\`. From TypeScript, in Node and browsers:

\`\`\`ts
import { createClient } from 'selfsame/client'

const selfsame = createClient({ url: 'http://127.0.0.1:8787', token: 'sst_…' })
const { id, confidence } = await selfsame.profile('email:ana@example.com')
\`\`\`

The methods of the client; each throws a \`SelfsameError\` (\`status\`, \`reason\`, \`retryAfterSeconds\`) for an answer that is none:

${Object.entries(METHODS)
  .map(([call, meaning]) => `- \`${call}\`: ${meaning}`)
  .join('\n')}

Identifiers are written \`TYPE:VALUE\`; e-mails and phones may be given plain or as their SHA-256, and are answered as that. Times are UTC; the \`at\` of a change is the event time of the latest message, or of the decision, that was taken into account with it. A \`+\` in a query is written \`%2B\`. Below is every route with a request and what it answers (this page is made by \`npx vitest run test/api-doc.test.ts -u\`).`

const STREAM_INTRO = `## What happens, as it happens

\`GET /v1/stream\`: \`stream\`, role \`reader\`, without a limit to sites. Server-Sent Events with the rows of \`GET /v1/changes\`, some 100 ms after they are committed, and that is, while the disk keeps up, within half a second of the message that caused them.

- \`after\` (optional): the id of an event, the \`next\` of \`GET /v1/changes\`, or "start"; from now on if left out
- \`Last-Event-ID\` (optional, a header): the id of the last event that came; it goes before \`after\`. Browsers send it by themselves

\`\`\`sh
curl -N -H 'Authorization: Bearer TOKEN' 'http://127.0.0.1:8787/v1/stream?after=start'
\`\`\`
`

const STREAM_MORE = `An event has its \`type\` as its name, its row as data, and for id the place behind it: \`EPOCH-SEQUENCE\`. Whoever comes back with the last id that came misses nothing and gets nothing twice, over dropped connections and restarts of the server. Beside the rows there are

- \`hello\`, first of all: the place from which it goes on;
- \`reset\`, with a \`reason\`: what comes does not follow what came before, since the graph was made anew (the epoch is another one then), or since the machine went down, which may have taken back latest commits. Read anew what you keep; it goes on from the end;
- a comment every 15 s, so that both sides see that the connection lives. At each it is looked whether the token or session still holds; if not, the stream ends.

Of a \`profile.…\` the row has \`profile\`, \`revision\` and \`from\`. A \`review.opened\` is a question that was not open before, \`review.closed\` one that is not asked any more and was not decided; their \`reason\` is the guard. \`review.decided\` is a verdict that stands now, \`review.undone\` one that does not any more; \`review\` is the id of \`GET /v1/reviews/{id}\`, and \`at\` when it was decided, else when it was committed. \`run.finished\` is a batch run whose tables are published, with \`run\`, its number, also one of \`selfsame resolve\` while no server ran.

Who does not read is not written to, and goes on from the own place later; who takes nothing for a minute is cut off. At most 2,000 listen to an account at once; past that the answer is 503 with \`Retry-After\`. A proxy in front must not gather what it passes on (the answer says so to nginx by \`X-Accel-Buffering: no\`), and must let a connection be quiet for 15 s. In a page of the server's own origin, with the cookie of a session:

\`\`\`ts
const events = new EventSource('/v1/stream')
events.addEventListener('profile.merged', ({ data }) => console.log(JSON.parse(data)))
events.addEventListener('reset', () => location.reload())
\`\`\`

With the client, which comes back by itself:

\`\`\`ts
for await (const event of selfsame.stream({ after: lastId })) {
  if (event.type === 'reset') await readAnew()
  else await apply(event)
  lastId = event.id
}
\`\`\``

/** What somebody hears who listens from the start, up to the first two rows. */
async function sectionOfStream({ installation, admin }: Asked): Promise<string> {
  const headers = { authorization: `Bearer ${admin}` }
  const response = await installation.app.request('/v1/stream?after=start', { headers }, {})
  expect(response.status).toBe(200)
  const reader = response.body?.getReader()
  const blocks: string[] = []
  while (blocks.length < 3) {
    const piece = await reader?.read()
    const text = Buffer.from(piece?.value ?? []).toString()
    blocks.push(...text.split('\n\n').filter((block) => block !== ''))
  }
  await reader?.cancel()
  return `${STREAM_INTRO}\n\`\`\`\n${blocks.slice(0, 3).join('\n\n')}\n\`\`\`\n\n${STREAM_MORE}`
}

/** What a model says of two visitors of one home, where one was learned. */
async function sectionOfModel(): Promise<string> {
  const installation = await openInstallation({ sites: { shop: {} } }, '5e1f5a3e'.repeat(8))
  try {
    const [account] = installation.accounts
    if (account === undefined) throw new Error('an installation without an account')
    const { settings } = account.active
    await account.activate({ settings, learned: learnedHomes('28c3147bff5f') }, 0)
    await account.settle()
    const visits = ['a', 'b'].map((device, i) => {
      const context = { ip: '84.44.0.2' }
      return {
        type: 'page',
        anonymousId: `c-${device}`,
        messageId: device,
        timestamp: at(i),
        context,
      }
    })
    const writeKey = await installation.writeKey('shop')
    const body = JSON.stringify({ writeKey, batch: visits })
    await installation.app.request('/v1/import?resolve=sync', { method: 'POST', body }, {})
    const url = '/v1/explain?a=cookie:c-a&b=cookie:c-b'
    const headers = { authorization: `Bearer ${await installation.token('reader')}` }
    const response = await installation.app.request(url, { headers }, {})
    const { model } = (await response.json()) as { model: { pairs: { signals: unknown[] }[] } }
    model.pairs[0]?.signals.splice(3)
    return [
      MODEL_INTRO,
      `\`\`\`\nGET ${url}\n\`\`\``,
      `\`\`\`json\n${JSON.stringify({ model }, null, 2)}\n\`\`\``,
    ].join('\n\n')
  } finally {
    await installation.close()
  }
}

const MODEL_INTRO = `## What a model says of two

Where profiles are joined by what was learned ([how](how-profiles-are-decided.md#what-is-learned-from-those-who-sign-in)), an explanation has a \`model\`: of two that are one the joins between them, of two that are not the pair of their cookies that is most alike, and \`because\`. Of each pair, \`signals\` are what is known, the heaviest first, in \`unit\`, with the \`weight\` that the model gives it in thousandths of a natural log-odd, and the \`confidence\` that such a weight would stand for by itself; \`bias\` is what two cookies have before anything is known. \`bias\` and all weights add up to \`sum\`, which stands for \`probability\`; from \`join_from\`, which stands for \`threshold\`, two are joined. This one was made for the example, knows one signal only, and of its signals three are shown:`

test('docs/api.md says what the API answers', async () => {
  const asked = await prepared()
  try {
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(ROUTES.map((one) => one.operation).toSorted())
    const sections: string[] = [INTRO]
    for (const route of ROUTES) sections.push(await sectionOf(asked, route))
    const after = sections.findIndex((one) => one.includes('`listChanges`'))
    sections.splice(after + 1, 0, await sectionOfStream(asked))
    sections.push(await sectionOfModel())
    await expect(settled(`${sections.join('\n\n')}\n`)).toMatchFileSnapshot(FILE)
  } finally {
    await asked.installation.close()
  }
})

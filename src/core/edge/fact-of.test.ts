// Which edges a message makes: a case for every kind, for every place an id is read from, and for what makes none.
import { describe, expect, test } from 'vitest'
import { clueOfText } from './clue.ts'

import {
  edgesIn,
  extracted,
  extractionOf,
  identifiersIn,
  parsed,
  RECEIVED_AT,
  sha256,
  short,
} from '../../../test/extraction.ts'

const ana = `email:${short('ana@example.com')}`
const bea = `email:${short('bea@example.com')}`
const info = `email:${short('info@example.com')}`
const phone = `phone:${short('+12025550123')}`
const cookie = 'cookie:anon-7'
const user = 'external_id:user:42'
const crm = 'external_id:crm:c77'

const visitor = { messageId: 'm1', anonymousId: 'anon-7' }
const both = { ...visitor, userId: '42' }
const server = { messageId: 'm1', userId: '42' }
const crmId = { context: { externalIds: [{ type: 'CRM', id: 'c77', collection: 'users' }] } }
const email = 'ana@example.com'

type Pair = readonly [string, string]

/** These edges and pairs of `same_message`, as `edgesIn` lists them. */
function listed(edges: readonly string[], pairs: readonly Pair[] = []): string[] {
  return [...edges, ...pairs.map((pair) => pair.toSorted().join(' -same_message- '))].toSorted()
}

describe('identify', () => {
  test('logs the cookie in with the user and the e-mail, and names them together', () => {
    expect(
      edgesIn(extracted({ ...both, type: 'identify', traits: { email, phone: '+12025550123' } })),
    ).toEqual(
      listed(
        [
          `${cookie} -login-> ${user}`,
          `${cookie} -login-> ${ana}`,
          `${cookie} -form_submit-> ${phone}`,
        ],
        [
          [user, ana],
          [user, phone],
          [ana, phone],
        ],
      ),
    )
  })

  test('without a user', () => {
    expect(edgesIn(extracted({ ...visitor, type: 'identify', traits: { email } }))).toEqual(
      listed([`${cookie} -login-> ${ana}`]),
    )
  })

  test('of a server, without a cookie', () => {
    expect(
      edgesIn(extracted({ ...server, type: 'identify', traits: { email }, ...crmId })),
    ).toEqual(
      listed(
        [],
        [
          [user, ana],
          [user, crm],
          [ana, crm],
        ],
      ),
    )
  })

  test('with its traits in the context, as RudderStack sends them', () => {
    expect(
      edgesIn(extracted({ ...both, type: 'identify', context: { traits: { email } } })),
    ).toEqual(listed([`${cookie} -login-> ${user}`, `${cookie} -login-> ${ana}`], [[user, ana]]))
  })

  test('what the context carries along beside other traits is stale', () => {
    const raw = {
      ...both,
      type: 'identify',
      traits: { email },
      context: { traits: { email: 'bea@example.com' } },
    }
    expect(edgesIn(extracted(raw))).toEqual(
      listed([`${cookie} -login-> ${user}`, `${cookie} -login-> ${ana}`], [[user, ana]]),
    )
    expect(identifiersIn(extracted(raw))).toContain(bea)
  })

  test('properties are not read', () => {
    const raw = { ...both, type: 'identify', properties: { email } }
    expect(identifiersIn(extracted(raw))).toEqual([cookie, user])
  })
})

describe('track', () => {
  test.each([
    ['Signed In', 'login'],
    ['login', 'login'],
    ['Order Completed', 'checkout'],
    ['order_completed', 'checkout'],
    ['Checkout', 'checkout'],
    ['Form Submitted', 'form_submit'],
    ['Signed Up', 'form_submit'],
    ['Lead', 'form_submit'],
  ])('%s: %s', (event, kind) => {
    expect(
      edgesIn(
        extracted({
          ...visitor,
          type: 'track',
          event,
          properties: { email, phone: '+12025550123' },
        }),
      ),
    ).toEqual(
      listed([`${cookie} -${kind}-> ${ana}`, `${cookie} -form_submit-> ${phone}`], [[ana, phone]]),
    )
  })

  test('an event outside the table does not name its sender', () => {
    const raw = { ...visitor, type: 'track', event: 'Invite Sent', properties: { email } }
    expect(identifiersIn(extracted(raw))).toEqual([cookie])
  })

  test('the table is extended and thinned by the configuration', () => {
    const extraction = extractionOf({ events: { 'Survey Answered': 'form_submit', Lead: 'none' } })
    const raw = { ...visitor, type: 'track', properties: { email } }
    expect(edgesIn(extracted({ ...raw, event: 'survey answered' }, extraction))).toEqual(
      listed([`${cookie} -form_submit-> ${ana}`]),
    )
    expect(edgesIn(extracted({ ...raw, event: 'Lead' }, extraction))).toEqual(listed([]))
  })

  test('an act without properties names what its traits say', () => {
    expect(
      edgesIn(
        extracted({
          ...visitor,
          type: 'track',
          event: 'Signed In',
          context: { traits: { email } },
        }),
      ),
    ).toEqual(listed([`${cookie} -login-> ${ana}`]))
  })

  test('a gift: what the order says is used here, what the traits say is the user’s', () => {
    expect(
      edgesIn(
        extracted({
          ...both,
          type: 'track',
          event: 'Order Completed',
          properties: { email: 'bea@example.com' },
          context: { traits: { email } },
        }),
      ),
    ).toEqual(listed([`${cookie} -login-> ${user}`, `${cookie} -checkout-> ${bea}`], [[user, ana]]))
  })

  test('a server’s order names user and e-mail together', () => {
    expect(
      edgesIn(
        extracted({ ...server, type: 'track', event: 'Order Completed', properties: { email } }),
      ),
    ).toEqual(listed([], [[user, ana]]))
  })

  test('two e-mails in two fields are two e-mails', () => {
    const extraction = extractionOf({ contactFields: { email: ['email', 'work_email'] } })
    expect(
      edgesIn(
        extracted(
          {
            ...visitor,
            type: 'track',
            event: 'Lead',
            properties: { email, work_email: 'bea@example.com' },
          },
          extraction,
        ),
      ),
    ).toEqual(listed([`${cookie} -form_submit-> ${ana}`, `${cookie} -form_submit-> ${bea}`]))
  })
})

describe('page, screen and group', () => {
  test.each(['page', 'screen', 'group'])('%s: a user beside a cookie is a login', (type) => {
    expect(edgesIn(extracted({ ...both, type }))).toEqual(listed([`${cookie} -login-> ${user}`]))
  })

  test('traits in the context describe the user, and are the cookie’s by no act', () => {
    const context = { traits: { email, phone: '+12025550123' } }
    expect(edgesIn(extracted({ ...both, type: 'page', context }))).toEqual(
      listed(
        [`${cookie} -login-> ${user}`],
        [
          [user, ana],
          [user, phone],
        ],
      ),
    )
    const carried = extracted({ ...visitor, type: 'page', context })
    expect(edgesIn(carried)).toEqual([])
    expect(identifiersIn(carried)).toEqual([cookie, ana, phone])
  })

  test('a group’s traits are the group’s, and its id is nobody’s', () => {
    const raw = { ...both, type: 'group', groupId: 'acme-inc', traits: { email } }
    expect(identifiersIn(extracted(raw))).toEqual([cookie, user])
  })
})

describe('alias', () => {
  const uuid = '7f6b1c2e-5a0d-4c1e-9a75-3b1e0c2d4f5a'

  test('joins two user ids', () => {
    expect(edgesIn(extracted({ ...server, type: 'alias', previousId: 'old-9' }))).toEqual(
      listed([`external_id:user:old-9 -alias-> ${user}`]),
    )
  })

  test('of the visitor’s own id', () => {
    expect(edgesIn(extracted({ ...both, type: 'alias', previousId: 'anon-7' }))).toEqual(
      listed([`${cookie} -login-> ${user}`, `${cookie} -alias-> ${user}`]),
    )
  })

  test('of what looks like a visitor’s id', () => {
    expect(edgesIn(extracted({ ...server, type: 'alias', previousId: uuid }))).toEqual(
      listed([`cookie:${uuid} -alias-> ${user}`]),
    )
  })

  test('between users whose ids are all UUIDs', () => {
    const userId = uuid.replaceAll('7', '8')
    expect(edgesIn(extracted({ messageId: 'm', userId, type: 'alias', previousId: uuid }))).toEqual(
      listed([`external_id:user:${uuid} -alias-> external_id:user:${userId}`]),
    )
  })

  test('of junk, of itself, of nothing', () => {
    for (const previousId of ['anonymous', '42', '', undefined]) {
      expect(edgesIn(extracted({ ...server, type: 'alias', previousId }))).toEqual(listed([]))
    }
  })
})

describe('external ids', () => {
  test('are tied to the cookie and the user, in any message', () => {
    expect(edgesIn(extracted({ ...visitor, type: 'page', ...crmId }))).toEqual(
      listed([`${cookie} -external_link-> ${crm}`]),
    )
    expect(edgesIn(extracted({ ...both, type: 'page', ...crmId }))).toEqual(
      listed([`${cookie} -login-> ${user}`, `${cookie} -external_link-> ${crm}`], [[user, crm]]),
    )
  })

  test('of accounts are nobody’s', () => {
    const externalIds = [{ type: 'crm', id: 'c77', collection: 'accounts' }]
    expect(
      identifiersIn(extracted({ ...visitor, type: 'page', context: { externalIds } })),
    ).toEqual([cookie])
  })

  test('that are e-mails, phones and user ids are that', () => {
    const externalIds = [
      { type: 'email', id: 'Ana@example.com' },
      { type: 'phone', id: '+12025550123' },
      { type: 'user_id', id: 42 },
      { type: 'anonymous_id', id: 'anon-9' },
    ]
    expect(edgesIn(extracted({ ...visitor, type: 'page', context: { externalIds } }))).toEqual(
      listed([
        `${cookie} -external_link-> ${ana}`,
        `${cookie} -external_link-> ${phone}`,
        `${cookie} -external_link-> ${user}`,
      ]),
    )
  })

  test('two values of a namespace are two people’s', () => {
    const externalIds = [
      { type: 'crm', id: 'c77' },
      { type: 'crm', id: 'c78' },
    ]
    expect(edgesIn(extracted({ ...server, type: 'identify', context: { externalIds } }))).toEqual(
      listed(
        [],
        [
          [user, crm],
          [user, 'external_id:crm:c78'],
        ],
      ),
    )
  })

  test('the wrong, the junk, and too many of them are refused', () => {
    const entries = ['x', { type: 'crm' }, { id: 'c' }, { type: 'crm', id: 'null' }]
    const wrong = extracted({ ...visitor, type: 'page', context: { externalIds: entries } })
    expect(wrong.refused).toEqual([
      { type: 'external_id', reason: 'wrong_type' },
      { type: 'external_id', reason: 'junk' },
    ])
    const many = Array.from({ length: 25 }, (_, i) => ({ type: `type${i}`, id: `value${i}` }))
    const result = extracted({ ...visitor, type: 'page', context: { externalIds: many } })
    expect(result.fact.identifiers).toHaveLength(21)
    expect(result.refused).toEqual([{ type: 'external_id', reason: 'too_many' }])
  })
})

describe('witnesses', () => {
  const context = {
    ip: '203.0.113.7',
    screen: { width: 390, height: 844, density: 3 },
    timezone: 'Europe/Berlin',
    locale: 'de-DE',
    os: { name: 'iOS' },
  }

  test('testify for the cookie of the message', () => {
    const { fact } = extracted({ ...visitor, type: 'page', context })
    expect(fact.edges.map(({ kind }) => kind)).toEqual(['same_session', 'ip_match'])
    expect(fact.edges.map(({ from }) => fact.identifiers[from]?.type)).toEqual(['cookie', 'cookie'])
    expect(fact.edges.map(({ to }) => fact.identifiers[to]?.type)).toEqual([
      'device_signature',
      'ip',
    ])
  })

  test('are nothing without one', () => {
    expect(identifiersIn(extracted({ ...server, type: 'track', event: 'X', context }))).toEqual([
      user,
    ])
  })

  test('a private address is refused, the event stays', () => {
    const result = extracted({ ...visitor, type: 'page', context: { ip: '10.0.0.1' } })
    expect(result.refused).toEqual([{ type: 'ip', reason: 'not_public' }])
    expect(identifiersIn(result)).toEqual([cookie])
  })
})

describe('role mailboxes', () => {
  const info1 = { email: 'info@example.com' }

  test('a login has it; an order, a form or a mention does not', () => {
    const act = (event: string) => ({ ...visitor, type: 'track', event, properties: info1 })
    expect(edgesIn(extracted(act('Signed In')))).toEqual(listed([`${cookie} -login-> ${info}`]))
    expect(edgesIn(extracted(act('Order Completed')))).toEqual(listed([]))
    expect(edgesIn(extracted(act('Form Submitted')))).toEqual(listed([]))
    expect(identifiersIn(extracted(act('Form Submitted')))).toEqual([cookie, info])
    expect(edgesIn(extracted({ ...server, type: 'identify', traits: info1 }))).toEqual(listed([]))
    const externalIds = [{ type: 'email', id: 'info@example.com' }]
    expect(edgesIn(extracted({ ...visitor, type: 'page', context: { externalIds } }))).toEqual(
      listed([]),
    )
  })
})

describe('ids that are addresses', () => {
  const anaUser = `external_id:user:sha256:${short('ana@example.com')}`

  test('a user id that is an e-mail names it, and is not kept in plain', () => {
    expect(edgesIn(extracted({ ...visitor, userId: 'Ana@Example.com', type: 'page' }))).toEqual(
      listed([`${cookie} -login-> ${anaUser}`, `${cookie} -login-> ${ana}`], [[anaUser, ana]]),
    )
    const number = `external_id:user:sha256:${short('+12025550123')}`
    expect(edgesIn(extracted({ ...visitor, userId: '+1 202 555 0123', type: 'page' }))).toEqual(
      listed(
        [`${cookie} -login-> ${number}`, `${cookie} -form_submit-> ${phone}`],
        [[number, phone]],
      ),
    )
  })

  test('another e-mail of an act is then not the user’s', () => {
    expect(
      edgesIn(
        extracted({
          ...visitor,
          userId: email,
          type: 'track',
          event: 'Order Completed',
          properties: { email: 'bea@example.com' },
        }),
      ),
    ).toEqual(
      listed(
        [
          `${cookie} -login-> ${anaUser}`,
          `${cookie} -login-> ${ana}`,
          `${cookie} -checkout-> ${bea}`,
        ],
        [[anaUser, ana]],
      ),
    )
  })
})

describe('declared types', () => {
  const extraction = extractionOf({
    identifierTypes: {
      ad_id: { role: 'member', from: ['context.device.advertisingId'], normalise: 'lower' },
      card: {
        role: 'member',
        from: ['traits.card', 'properties.card.number'],
        edge: 'form_submit',
      },
      tv: { role: 'witness', from: ['context.device.tv'] },
    },
  })

  test('members are tied to cookie, user and act; witnesses testify', () => {
    expect(
      edgesIn(
        extracted(
          {
            ...both,
            type: 'track',
            event: 'Order Completed',
            properties: { card: { number: 7001 } },
            context: { device: { advertisingId: 'AB-12', tv: 'tv-9' } },
          },
          extraction,
        ),
      ),
    ).toEqual(
      listed(
        [
          `${cookie} -login-> ${user}`,
          `${cookie} -external_link-> ad_id:ab-12`,
          `${cookie} -form_submit-> card:7001`,
          `${cookie} -same_session-> tv:tv-9`,
        ],
        [
          [user, 'ad_id:ab-12'],
          [user, 'card:7001'],
          ['ad_id:ab-12', 'card:7001'],
        ],
      ),
    )
  })

  test('properties speak in acts only, traits of a group never, junk not at all', () => {
    const properties = { card: { number: 7001 } }
    const quiet = [
      { ...visitor, type: 'track', event: 'Card Viewed', properties },
      { ...visitor, type: 'group', traits: { card: '7001' } },
      { ...visitor, type: 'page', traits: { card: 'null' } },
      { ...visitor, type: 'page', traits: { card: {} } },
      { ...visitor, type: 'page', context: { device: { advertisingId: '0000-0000' } } },
      { ...server, anonymousId: '', type: 'page', context: { device: { tv: 'tv-9' } } },
    ]
    for (const raw of quiet) {
      const types = extracted(raw, extraction).fact.identifiers.map(({ type }) => type)
      expect(types.filter((type) => type !== 'cookie' && type !== 'external_id')).toEqual([])
    }
  })
})

describe('sites', () => {
  const sites = {
    shop: { userBase: 'acme' },
    app: { userBase: 'acme' },
    clinic: { crossSite: false },
    default: {},
  }
  const extraction = extractionOf({ sites })
  const raw = {
    ...both,
    type: 'identify',
    traits: { email },
    context: { ip: '203.0.113.7', ...crmId.context },
  }
  const at = (site: string): string[] => identifiersIn(extracted(raw, extraction, site))

  test('have user ids of their own, unless they share a user base', () => {
    expect(at('default')).toContain('external_id:user:42')
    expect(at('shop')).toContain('external_id:user@acme:42')
    expect(at('app')).toEqual(at('shop'))
    expect(at('elsewhere')).toContain('external_id:user@elsewhere:42')
  })

  test('one that opted out shares nothing with any other', () => {
    expect(at('clinic')).toEqual([
      'cookie@clinic:anon-7',
      'external_id:user@clinic:42',
      `email@clinic:${short('ana@example.com')}`,
      'external_id:crm@clinic:c77',
      'ip@clinic:203.0.113.7',
    ])
    const keys = (site: string) =>
      extracted(raw, extraction, site).fact.identifiers.map((one) => one.key)
    const clinic = new Set(keys('clinic'))
    expect([...keys('default'), ...keys('shop')].filter((key) => clinic.has(key))).toEqual([])
  })

  test('no namespace that is sent reaches into another site', () => {
    const externalIds = [{ type: 'crm@clinic', id: 'c77' }]
    const result = extracted({ ...visitor, type: 'page', context: { externalIds } }, extraction)
    expect(identifiersIn(result)).toContain('external_id:crm_clinic:c77')
  })
})

test('the fact carries the event', () => {
  const raw = { ...visitor, type: 'track', event: 'X', timestamp: '2026-03-02T11:00:00Z' }
  expect(extracted(raw, extractionOf({ account: 'acme' }), 'shop').fact).toEqual({
    id: 'm1',
    account: 'acme',
    site: 'shop',
    type: 'track',
    name: 'X',
    at: RECEIVED_AT - 3_600_000,
    receivedAt: RECEIVED_AT,
    identifiers: [
      {
        key: sha256('acme\u001fcookie\u001f\u001fanon-7'),
        type: 'cookie',
        namespace: '',
        value: 'anon-7',
      },
    ],
    edges: [],
    clues: Uint32Array.of(clueOfText('site', 'shop')),
  })
})

test('junk ids leave the event without identifiers, and say so', () => {
  const result = extracted({ messageId: 'm', type: 'page', userId: 'null', anonymousId: '0' })
  expect(result.fact.identifiers).toEqual([])
  expect(result.refused).toEqual([
    { type: 'cookie', reason: 'junk' },
    { type: 'external_id', reason: 'junk' },
  ])
  expect(extracted({ ...visitor, type: 'page', userId: 2 ** 60 }).refused).toEqual([
    { type: 'external_id', reason: 'rounded_number' },
  ])
  expect(extracted({ ...both, type: 'identify', traits: { email: {} } }).refused).toEqual([
    { type: 'email', reason: 'wrong_type' },
  ])
  expect(parsed({ messageId: 'm', type: 'page' }).ok).toBe(false)
})

// Arbitrary tracking messages: well-formed ones with contacts in many spellings, and anything that JSON can say.
import * as fc from 'fast-check'

const EMAILS = [
  'ana@example.com',
  ' Ana@Example.com ',
  'ana.lima+x@gmail.com',
  'analima@googlemail.com',
  'info@example.com',
  'test@test.com',
  'ana@MÜNCHEN.de',
  'ana＠example.com',
  'ana@localhost',
  'Ana <ana@example.com>',
  '"ana@example.com"',
  'mail me at bea@example.com, or ana%40example.com',
]

const PHONES = [
  '+12025550123',
  ' +1 (202) 555-0123',
  '(202) 555-0123',
  '2025550123',
  '+49 170 0000000',
  '+1 202 555 0123 ext. 5',
  '0000000',
  '12',
]

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'null',
    'anon-7',
    'u-42',
    '42',
    '0',
    'redacted',
    '7f6b1c2e-5a0d-4c1e-9a75-3b1e0c2d4f5a',
  ),
)
const contact = fc.oneof(fc.constantFrom(...EMAILS, ...PHONES), fc.emailAddress(), text)
const id = fc.oneof(contact, fc.integer(), fc.jsonValue())
const value = fc.oneof(contact, fc.integer({ min: 0, max: 99_999_999_999 }), fc.jsonValue())

const fields = fc.dictionary(
  fc.oneof(fc.constantFrom('email', 'phone', 'mobile', 'card', 'note', '__proto__'), text),
  value,
  { maxKeys: 5 },
)

const externalId = fc.record({
  type: fc.oneof(fc.constantFrom('crm', 'email', 'phone', 'user_id'), value),
  id,
  collection: fc.constantFrom('users', 'accounts', undefined),
})

const context = fc.record(
  {
    ip: fc.oneof(fc.ipV4(), fc.ipV6(), value),
    traits: fc.oneof(fields, fc.jsonValue()),
    externalIds: fc.oneof(fc.array(externalId, { maxLength: 3 }), fc.jsonValue()),
    screen: fc.oneof(fc.record({ width: value, height: value }), fc.jsonValue()),
    timezone: value,
    locale: value,
    userAgent: value,
    page: fc.oneof(
      fc.record({
        url: contact.map((inner) => `https://shop.example/?q=${inner}`),
        referrer: contact.map((inner) => `https://shop.example/${inner}`),
      }),
      fc.record({ url: contact.map((inner) => `https://shop.example/u/${inner}&gclid=${inner}`) }),
      fc.jsonValue(),
    ),
    location: fc.record({ country: value, city: value }, { requiredKeys: [] }),
    campaign: fc.record({ gclid: value }),
    device: fc.record({ type: value }),
    app: fc.jsonValue(),
  },
  { requiredKeys: [] },
)

/** A message as it arrives: plain JSON, with a message id of its own. */
export const message: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    type: fc.constantFrom('identify', 'track', 'page', 'screen', 'group', 'alias'),
    messageId: fc.uuid(),
    event: fc.constantFrom('Signed In', 'Order Completed', 'Lead', 'Invite Sent'),
    userId: id,
    anonymousId: id,
    previousId: id,
    timestamp: fc.oneof(fc.constant('2026-03-02T11:00:00Z'), fc.jsonValue()),
    traits: fc.oneof(fields, fc.jsonValue()),
    properties: fc.oneof(fields, fc.jsonValue()),
    context,
  },
  { requiredKeys: ['type', 'messageId', 'event'] },
)

// A client's message gets the address and browser of its request; a server's never does.
import { expect, test } from 'vitest'

import { isFromServer, withRequestContext } from './request-context.ts'

const request = { ip: '203.0.113.7', userAgent: 'Mozilla/5.0' }

test.each([
  '@segment/analytics-node',
  'analytics-node',
  'analytics-python',
  'analytics-ruby',
  'analytics-java',
  'analytics-go',
  'analytics-php',
  'Analytics.NET',
  'analytics-rust',
  '@rudderstack/rudder-sdk-node',
  'RudderStack Go SDK',
])('%s is a server', (name) => {
  const message = { type: 'track', context: { library: { name } } }
  expect(isFromServer(message)).toBe(true)
  expect(withRequestContext(message, request)).toBe(message)
})

test.each([
  'analytics.js',
  '@segment/analytics-next',
  'analytics-ios',
  'analytics-android',
  'analytics-kotlin',
  'analytics-swift',
  'RudderLabs JavaScript SDK',
  'javascript',
  'django',
])('%s is a client', (name) => {
  const context = { library: { name } }
  expect(withRequestContext({ type: 'page', context }, request)).toEqual({
    type: 'page',
    context: { ...context, ...request },
  })
})

test('the channel decides, and what the message says is kept', () => {
  expect(isFromServer({ context: { channel: 'server' } })).toBe(true)
  expect(isFromServer({ channel: 'server' })).toBe(true)
  const message = { context: { ip: '198.51.100.1', locale: 'de' } }
  expect(withRequestContext(message, request)).toEqual({
    context: { ip: '198.51.100.1', locale: 'de', userAgent: 'Mozilla/5.0' },
  })
  expect(message.context).not.toHaveProperty('userAgent')
  expect(withRequestContext({}, {})).toEqual({})
  expect(withRequestContext({ context: 'x' }, request)).toEqual({ context: request })
})

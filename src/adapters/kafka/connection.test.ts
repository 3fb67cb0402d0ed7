// URLs of brokers and registries: what they say, and that what is shown of them holds no password.
import { expect, test } from 'vitest'

import { clientOptions, parseKafkaUrl, parseRegistryUrl } from './connection.ts'

test('brokers, ports and prefix', () => {
  expect(parseKafkaUrl('kafka://a:1,b/shop')).toEqual({
    brokers: ['a:1', 'b:9092'],
    prefix: 'shop',
    tls: false,
    authority: null,
    sasl: null,
    shown: 'kafka://a:1,b:9092',
  })
  expect(parseKafkaUrl('kafka://[::1]:9').brokers).toEqual(['[::1]:9'])
  expect(parseKafkaUrl('kafka://a').prefix).toBe('selfsame')
})

test('TLS and SASL', () => {
  const address = parseKafkaUrl('kafkas://ana:p%40ss%2F@a:1?sasl=scram-sha-512')
  expect(address).toMatchObject({
    tls: true,
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'ana', password: 'p@ss/' },
    shown: 'kafkas://a:1',
  })
  expect(clientOptions(address, 'x')).toMatchObject({ tls: {}, sasl: { username: 'ana' } })
  expect(parseKafkaUrl('kafka://ana:p@a').sasl).toMatchObject({ mechanism: 'PLAIN' })
})

test.each([
  'http://a',
  'kafka://',
  'kafka://secret@a',
  'kafka://a:b:c',
  'kafka://u:secret@a b',
  'kafka://u:secret@a?sasl=md5',
  'kafka://u:secret@a?acks=1',
  'kafka://u:secret%@a',
])('%s is no log, and the message shows no password', (url) => {
  expect(() => parseKafkaUrl(url)).toThrow(RangeError)
  expect(() => parseKafkaUrl(url)).not.toThrow(/secret/)
})

test('a registry', () => {
  expect(parseRegistryUrl('https://ana:p%40ss@a:1/apis/ccompat/v7/')).toEqual({
    base: 'https://a:1/apis/ccompat/v7',
    authorization: `Basic ${Buffer.from('ana:p@ss').toString('base64')}`,
    shown: 'https://a:1/apis/ccompat/v7',
  })
  expect(parseRegistryUrl('http://a').base).toBe('http://a')
  for (const url of ['a', 'ftp://u:secret@a', 'http://']) {
    expect(() => parseRegistryUrl(url)).toThrow(/^a registry is /)
  }
})

// Addresses: one spelling each, IPv6 by its /64, only what the open internet routes.
import * as fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'

import { ipPrefix, normalIp } from './ip.ts'

test.each([
  ['8.8.8.8', '8.8.8.8'],
  [' 8.8.8.8 ', '8.8.8.8'],
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:8.8.8.8', '8.8.8.8'],
  ['::ffff:808:808', '8.8.8.8'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::/64', '2001:db8:1:2::/64'],
  ['2606:4700::1', '2606:4700::/64'],
  ['127.0.0.1', 'not_public'],
  ['::1', 'not_public'],
  ['::', 'not_public'],
  ['::2', 'not_public'],
  ['4000::1', 'not_public'],
  ['0.0.0.0', 'not_public'],
  ['255.255.255.255', 'not_public'],
  ['10.1.2.3', 'not_public'],
  ['172.16.0.1', 'not_public'],
  ['192.168.1.1', 'not_public'],
  ['169.254.1.1', 'not_public'],
  ['100.64.1.1', 'not_public'],
  ['240.0.0.1', 'not_public'],
  ['224.0.0.1', 'not_public'],
  ['::ffff:10.0.0.1', 'not_public'],
  ['fe80::1', 'not_public'],
  ['fe80::1%eth0', 'malformed'],
  ['fc00::1', 'not_public'],
  ['ff02::1', 'not_public'],
  ['2002::1', 'not_public'],
  ['64:ff9b::1', 'not_public'],
  ['172.15.255.255', '172.15.255.255'],
  ['172.32.0.1', '172.32.0.1'],
  ['100.63.255.255', '100.63.255.255'],
  ['223.255.255.254', '223.255.255.254'],
  ['2001::1', 'not_public'],
  ['2001:0:53aa::1', 'not_public'],
  ['2001:200::1', '2001:200::/64'],
  ['2a00:1450:4001:0:1:2:3:4', '2a00:1450:4001::/64'],
  ['2a00:0:0:1::', '2a00:0:0:1::/64'],
  ['2a00::1.2.3.4', '2a00::/64'],
  ['1::2::3', 'malformed'],
  ['1:2:3:4:5:6:7:8:9', 'malformed'],
  ['1:2:3:4:5:6:7::8', 'malformed'],
  ['1:2:3:4:5:6:7:8::', 'malformed'],
  ['2a00:1.2.3.4::1', 'malformed'],
  ['2a00:12345::1', 'malformed'],
  [':2a00::1', 'malformed'],
  ['8.8.8.0', 'anonymised'],
  ['8.8.8', 'malformed'],
  ['8.8.8.256', 'malformed'],
  ['08.8.8.8', 'malformed'],
  ['0x8.8.8.8', 'malformed'],
  ['8.8.8.8:443', 'malformed'],
  ['8.8.8.8, 9.9.9.9', 'malformed'],
  ['2001:db8:1', 'malformed'],
  ['unknown', 'malformed'],
  ['', 'malformed'],
  ['1'.repeat(1000), 'malformed'],
])('%j is %s', (text, expected) => {
  const normal = normalIp(text)
  expect(normal.value ?? normal.reason).toBe(expected)
})

test('the normal form of a normal form is itself, and has a prefix', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const { value } = normalIp(text)
      if (value === undefined) return
      expect(normalIp(value).value).toBe(value)
      expect(ipPrefix(value)).toMatch(/\/(24|64)$/)
    }),
  )
})

test('knows the addresses that an established library knows', () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV6().map((text) => text.replace(/^[^:]+/, '2a00')),
    fc.stringMatching(/^[0-9a-f.:]{2,20}$/),
  )
  fc.assert(
    fc.property(address, (text) => {
      const isV4 = ipaddr.IPv4.isValidFourPartDecimal(text)
      const isV6 = ipaddr.IPv6.isValid(text)
      const normal = normalIp(text)
      expect(normal.value !== undefined || normal.reason !== 'malformed').toBe(isV4 || isV6)
      if (normal.value?.endsWith('/64') !== true) return
      const { parts } = ipaddr.IPv6.parse(text)
      const prefix = new ipaddr.IPv6([...parts.slice(0, 4), 0, 0, 0, 0]).toString()
      expect(normal.value).toBe(`${prefix}/64`)
    }),
  )
})

test('the prefix of an address', () => {
  expect(ipPrefix('203.0.113.7')).toBe('203.0.113.0/24')
  expect(ipPrefix('2001:db8:1:2::/64')).toBe('2001:db8:1:2::/64')
})

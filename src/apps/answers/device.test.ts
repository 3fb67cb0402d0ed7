// What a message was sent from, as far as it says.
import { expect, test } from 'vitest'

import { senderOf } from './device.ts'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0'
const HEADLESS =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.7339.16 Safari/537.36'

test.each<[context: object, device: string | null]>([
  [{ userAgent: IPHONE }, 'Safari on iPhone'],
  [{ userAgent: EDGE }, 'Edge on Windows'],
  [{ userAgent: HEADLESS }, 'Chrome on Linux'],
  [{ userAgent: 'curl/8' }, null],
  [{ device: { model: 'Pixel 8' }, userAgent: EDGE }, 'Pixel 8 app'],
  [{ library: { name: '@segment/analytics-node' } }, 'server'],
  [{ os: { name: 'Android' } }, 'Android'],
  [{}, null],
])('%j', (context, device) => {
  expect(senderOf(JSON.stringify({ context })).device).toBe(device)
})

test('what is no message says nothing', () => {
  expect(senderOf('[')).toEqual({ device: null, page: null })
  expect(senderOf('{"context":{"page":{"path":"/a"}}}').page).toBe('/a')
})

// Lines that come over HTTP: those in one packet with the head of their request, and those that are too long.
import { connect } from 'node:net'

import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  openInstallation,
  OPERATOR,
  type Installation,
} from '../../../../test/server/installation.ts'
import { listen, type Listening } from '../node.ts'
import { trustedProxies } from '../who/client-address.ts'

let installation: Installation
let listening: Listening

beforeAll(async () => {
  installation = await openInstallation({
    limits: { lineBytesMax: 300 },
    sites: { clinic: { account: 'other' } },
  })
  const address = { host: '127.0.0.1', port: 0 }
  listening = await listen(installation.app, address, trustedProxies([]))
})

afterAll(async () => {
  await listening.stop()
  await installation.close()
})

/** Head and body in one write, which `fetch` never does. */
async function posted(body: string, query = ''): Promise<unknown> {
  const { hostname, port } = new URL(listening.url)
  const head = [
    `POST /v1/import${query} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    `Authorization: Bearer ${OPERATOR}`,
    'Content-Type: application/x-ndjson',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  const socket = connect(Number(port), hostname)
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  let answer = ''
  for await (const piece of socket) answer += String(piece)
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
}

const line = (messageId: string, more = ''): string =>
  `${JSON.stringify({ type: 'page', anonymousId: 'c-1', messageId, more })}\n`

test('in one packet with the head', async () => {
  expect(await posted(line('m-1') + line('m-2'))).toEqual({
    accepted: 2,
    duplicates: 0,
    refused: [],
  })
})

test('a line that is too long is named with its limit, whether others are or not', async () => {
  const long = line('m-long', 'x'.repeat(400))
  const refused = (number: number) => ({
    line: number,
    reason: 'too_large',
    detail: expect.stringMatching(/at most 300 bytes, not \d+ \(limits\.lineBytesMax/) as unknown,
  })
  expect(await posted(line('m-3') + long + line('m-4'))).toEqual({
    accepted: 2,
    duplicates: 0,
    refused: [refused(2)],
  })
  expect(await posted(long)).toEqual({ accepted: 0, duplicates: 0, refused: [refused(1)] })
})

test("lines for another account's site are refused, as a whole or one by one", async () => {
  const detail = expect.stringContaining('belongs to the account "other"') as unknown
  expect(await posted(line('m-5'), '?site=clinic')).toMatchObject({ reason: 'bad_site', detail })
  const theirs = `{"type":"page","anonymousId":"c-1","site":"clinic"}\n`
  expect(await posted(theirs)).toMatchObject({ accepted: 0, refused: [{ line: 1, detail }] })
})

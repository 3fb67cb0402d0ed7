// Keys and rejects from the command line, beside a running server and without one, as their owner would type them.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { KeyAnswer } from '../../src/apps/answers/key-answer.ts'
import { fails, folder, run, runJson, serve } from './run.ts'

const CONFIGURATION = { sites: { shop: {}, clinic: { account: 'clinic' } } }

async function configured(): Promise<string> {
  const cwd = await folder()
  await writeFile(join(cwd, 'selfsame.config.json'), JSON.stringify(CONFIGURATION))
  return cwd
}

const page = (cookie: string) => ({ type: 'page', anonymousId: cookie, messageId: cookie })

async function send(url: string, writeKey: string, batch: readonly object[]): Promise<number> {
  const body = JSON.stringify({ writeKey, batch })
  return (await fetch(`${url}/v1/batch`, { method: 'POST', body })).status
}

test('a key is made, used, listed and revoked while the server runs', async () => {
  const cwd = await configured()
  const server = await serve(cwd)
  expect(server.writeKey).toMatch(/^wk_/)
  const made = await run(['keys', 'create', '--site', 'shop', '--label', 'the shop'], { cwd })
  const key = made.stdout.trim()
  expect(made.stderr).toContain('not shown again')
  expect(await send(server.url, key, [page('c-1')])).toBe(200)
  const reader = (await run(['keys', 'create', '--role', 'reader'], { cwd })).stdout.trim()
  const ask = async (): Promise<number> => {
    const headers = { authorization: `Bearer ${reader}` }
    const path = '/v1/profiles?identifier=cookie:c-1'
    return (await fetch(server.url + path, { headers })).status
  }
  expect(await ask()).toBe(200)
  const { keys } = await runJson<{ keys: readonly KeyAnswer[] }>(['keys', 'list'], { cwd })
  expect(keys.map(({ kind, site, role }) => [kind, site ?? role])).toEqual([
    ['token', 'admin'],
    ['write', 'shop'],
    ['write', 'shop'],
    ['token', 'reader'],
  ])
  for (const id of keys.slice(2).map((one) => one.id)) {
    expect((await run(['keys', 'revoke', id], { cwd })).stdout).toContain('is revoked')
  }
  expect(await send(server.url, key, [page('c-2')])).toBe(401)
  expect(await ask()).toBe(401)
  expect((await run(['keys', 'list'], { cwd })).stdout).toContain('revoked')
  await server.stop()
  const again = await serve(cwd)
  expect([again.token, again.writeKey]).toEqual(['', ''])
  expect(await send(again.url, server.writeKey, [page('c-3')])).toBe(200)
})

test("a load for another account's site is refused", async () => {
  const cwd = await configured()
  const load = ['ingest', '-']
  const foreign = [...load, '--site', 'clinic']
  const line = JSON.stringify({ ...page('c-1'), site: 'clinic' })
  const options = { cwd, input: `${JSON.stringify(page('c-2'))}\n${line}\n` }
  await fails(foreign, options, 2, 'belongs to the account "clinic"')
  expect(await runJson(load, options)).toMatchObject({ accepted: 1, rejected: 1 })
  const own = [...load, '--account', 'clinic', '--site', 'clinic']
  const clinic = { cwd, input: line }
  expect(await runJson(own, clinic)).toMatchObject({ accepted: 1, rejected: 0 })
})

test('a key that clients have already is taken over, and of its own account', async () => {
  const cwd = await configured()
  const clinic = ['keys', 'create', '--site', 'clinic', '--key', 'AbCdEf0123456789']
  await fails(clinic, { cwd }, 2, 'belongs to the account "clinic"')
  await run([...clinic, '--account', 'clinic'], { cwd })
  await fails([...clinic, '--account', 'clinic'], { cwd }, 2, 'in use already')
  const { url } = await serve(cwd)
  expect(await send(url, 'AbCdEf0123456789', [page('c-1')])).toBe(200)
  expect((await run(['profile', 'cookie:c-1', '--account', 'clinic'], { cwd })).code).toBe(0)
  await fails(['profile', 'cookie:c-1'], { cwd }, 1, 'nothing is known')
  await fails(['keys', 'create'], { cwd }, 2, '--site')
  await fails(['keys', 'create', '--site', 'a', '--role', 'reader'], { cwd }, 2, '--site')
  await fails(['keys', 'revoke', 'key_none'], { cwd }, 1, 'there is no key')
})

test('a key of a site that the configuration does not name is made, with a word about it', async () => {
  const cwd = await configured()
  const made = await run(['keys', 'create', '--site', 'shopp'], { cwd })
  expect(made.stdout).toMatch(/^wk_/)
  expect(made.stderr).toContain('does not name the site "shopp" (it names shop, clinic)')
  const limited = await run(['keys', 'create', '--role', 'reader', '--sites', 'shop,blgo'], { cwd })
  expect(limited.stderr).toContain('does not name the site "blgo"')
  expect(limited.stderr).not.toContain('the site "shop"')
  const plain = await run(['keys', 'create', '--site', 'default'], { cwd: await folder() })
  expect(plain.stderr).not.toContain('does not name')
})

test('a key that could never do what it says is refused', async () => {
  const cwd = await configured()
  for (const role of ['admin', 'steward']) {
    const wanted = ['keys', 'create', '--role', role, '--sites', 'shop']
    await fails(wanted, { cwd }, 2, 'only a reader can be limited to sites')
  }
  await fails(['keys', 'create', '--site', 'shop', '--sites', 'shop'], { cwd }, 2, '--sites is for')
  expect((await run(['keys', 'list'], { cwd })).stdout).not.toContain('key_')
})

test('rejects are listed, and taken once their reason is mended, with a server and without', async () => {
  const cwd = await configured()
  const strict = { ...CONFIGURATION, limits: { segment: { messageBytesMax: 300 } } }
  await writeFile(join(cwd, 'selfsame.config.json'), JSON.stringify(strict))
  const server = await serve(cwd)
  const long = { ...page('c-long'), name: 'x'.repeat(400) }
  expect(await send(server.url, server.writeKey, [long, { type: 'wave' }])).toBe(200)
  const listed = await run(['rejects'], { cwd })
  expect(listed.stdout).toContain('too_large')
  expect(listed.stdout).toContain('unknown_type')
  expect(listed.stdout).toContain('type is one of identify, track, page, screen, group, alias\n')
  expect(listed.stdout).toMatch(/^ {2}serve-.*\.ndjson:\d+$/m)
  expect(listed.stdout).toContain('--json')
  for (const line of listed.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  expect((await run(['rejects', 'replay'], { cwd })).stdout).toBe(
    '0 messages taken, 2 still rejected.\n',
  )
  await server.stop()
  await writeFile(join(cwd, 'selfsame.config.json'), JSON.stringify(CONFIGURATION))
  const lines = ['{"type":"page","anonymousId":"c-a","site":"NO"}', JSON.stringify(page('c-b'))]
  await writeFile(join(cwd, 'a.ndjson'), lines.join('\n'))
  const { rejects_file: file } = await runJson<{ rejects_file: string }>(['ingest', 'a.ndjson'], {
    cwd,
  })
  const path = join(cwd, file)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(String.raw`\"site\":\"NO\"`, String.raw`\"site\":\"shop\"`))
  expect(await runJson(['rejects', 'replay'], { cwd })).toEqual({ settled: 2, left: 1 })
  expect((await run(['profile', 'cookie:c-a'], { cwd })).stdout).toContain('on shop')
  expect((await run(['profile', 'cookie:c-long'], { cwd })).code).toBe(0)
  expect(await runJson(['rejects', 'replay'], { cwd })).toEqual({ settled: 0, left: 1 })
})

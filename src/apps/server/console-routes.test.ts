// The console's page and files: what browsers are told to refuse, how they are kept, and that nothing else can be had.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { consoleFiles } from './console-files.ts'
import { consoleRoutes } from './console-routes.ts'

const PAGE = '<!doctype html><title>Selfsame</title>'
const SCRIPT = 'console.log(1)\n'.repeat(200)

let directory: string
let app: ReturnType<typeof consoleRoutes>

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'selfsame-console-'))
  await mkdir(join(directory, 'built', 'assets'), { recursive: true })
  await writeFile(join(directory, 'built', 'index.html'), PAGE)
  await writeFile(join(directory, 'built', 'assets', 'index-1.js'), SCRIPT)
  await writeFile(join(directory, 'built', 'notes.txt'), 'not for pages')
  await writeFile(join(directory, 'secret.js'), 'secret')
  app = consoleRoutes(await consoleFiles(pathToFileURL(`${directory}/built/`)))
})

afterAll(() => rm(directory, { recursive: true }))

test('the page takes nothing from elsewhere, is in no frame, and is asked for anew each time', async () => {
  const answer = await app.request('/')
  expect([answer.status, await answer.text()]).toEqual([200, PAGE])
  const policy = answer.headers.get('content-security-policy') ?? ''
  const directives = new Map(policy.split('; ').map((one) => [one.split(' ')[0], one]))
  expect(directives.get('default-src')).toBe("default-src 'none'")
  expect(directives.get('script-src')).toBe("script-src 'self'")
  expect(directives.get('style-src')).toBe("style-src 'self'")
  expect(directives.get('frame-ancestors')).toBe("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('cache-control')).toBe('no-cache')
  const headers = { 'if-none-match': answer.headers.get('etag') ?? '' }
  const again = await app.request('/', { headers })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test('a file is kept for good, and packed for who takes it packed', async () => {
  const plain = await app.request('/console/assets/index-1.js')
  expect(await plain.text()).toBe(SCRIPT)
  expect(plain.headers.get('cache-control')).toContain('immutable')
  expect(plain.headers.get('content-type')).toContain('text/javascript')
  const packed = await app.request('/console/assets/index-1.js', {
    headers: { 'accept-encoding': 'br, gzip' },
  })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  const bytes = Buffer.from(await packed.arrayBuffer())
  expect(bytes.length).toBeLessThan(SCRIPT.length / 4)
  expect(gunzipSync(bytes).toString()).toBe(SCRIPT)
})

test.each([
  '/console/',
  '/console/nothing.js',
  '/console/notes.txt',
  '/console/../secret.js',
  '/console/%2e%2e/secret.js',
  '/console/..%2fsecret.js',
  '/console//etc/passwd',
  '/console/assets',
])('there is nothing at %s', async (path) => {
  expect((await app.request(path)).status).toBe(404)
})

test('where it was not built, it is said how to', async () => {
  const none = consoleRoutes(await consoleFiles(pathToFileURL(`${directory}/never/`)))
  const answer = await none.request('/')
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('build') as string })
})

// Commands beside another process that has the data open: a server they go through, a writer they read beside.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { login, page } from './messages.ts'
import { fails, folder, profileOf, run, runJson, serve, start, type LoadAnswer } from './run.ts'

test('a second writer is refused, readers are not', async () => {
  const cwd = await folder()
  await run(['ingest', '-'], { cwd, input: login('c-a', 'ana@example.com', 'm0') })
  const first = start(['ingest', '-'], { cwd })
  first.child.stdin?.write(login('c-b', 'ana@example.com', 'm1'))
  for (let there = 0; there < 3;) {
    const { identifiers } = await profileOf('cookie:c-a', { cwd })
    there = identifiers.length
  }
  const words = `process ${first.child.pid} writes to it`
  await fails(['ingest', '-'], { cwd, input: page(1) }, 1, words)
  expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true })
  first.child.stdin?.end()
  expect((await first.ended).code).toBe(0)
})

/** The events of a server's log, which is lines of JSON and nothing else. */
function logged(stderr: string): unknown[] {
  return stderr
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event: unknown }).event)
}

describe('beside a running server', () => {
  test('loading, asking and checking go on', async () => {
    const cwd = await folder()
    const server = await serve(cwd)
    const input = `${login('c-phone', 'ana@example.com', 'm1')}{\n${login('c-tv', 'ana@example.com', 'm2')}`
    const loaded = await runJson<LoadAnswer>(['ingest', '-', '--site', 'shop'], { cwd, input })
    expect(loaded).toMatchObject({ accepted: 2, rejected: 1, profiles: null })
    expect(await readFile(join(cwd, loaded.rejects_file), 'utf8')).toContain('"line":2')
    const profile = await profileOf('email:ana@example.com', { cwd })
    expect(profile).toMatchObject({ sites: ['shop'], timeline: [{}, {}] })
    const why = await run(['explain', 'cookie:c-phone', 'cookie:c-tv'], { cwd })
    expect(why.stdout).toContain('are one person')
    expect((await run(['profile', 'cookie:c-unseen'], { cwd })).code).toBe(1)
    expect((await run(['profile', 'nonsense'], { cwd })).code).toBe(2)
    expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true })
    await writeFile(join(cwd, 'truth.csv'), 'cookie,person\nc-phone,ana\nc-tv,ana\n')
    expect(await runJson(['evaluate', '--truth', 'truth.csv'], { cwd })).toMatchObject({
      pair_precision: 1,
      pair_recall: 1,
    })
    await fails(['serve', '--port', '0'], { cwd }, 1, `open already: ${server.url}`)
    const other = await folder()
    const { port } = new URL(server.url)
    await fails(['serve', '--port', port], { cwd: other }, 1, 'is in use')
    expect(await readdir(other)).toEqual([])
    const { code, stderr } = await server.stop()
    expect(code).toBe(0)
    expect(logged(stderr)).toEqual(['started', 'stopping', 'stopped'])
    expect(await readdir(join(cwd, 'selfsame-data'))).not.toContain('serve.json')
  })

  test('a server that was killed is not asked', async () => {
    const cwd = await folder()
    const server = await serve(cwd)
    await run(['ingest', '-'], { cwd, input: login('c-phone', 'ana@example.com', 'm1') })
    server.running.child.kill('SIGKILL')
    await server.running.ended
    const profile = await profileOf('email:ana@example.com', { cwd })
    expect(profile.identifiers).toHaveLength(2)
    expect(await runJson(['ingest', '-'], { cwd, input: page(1) })).toMatchObject({ accepted: 1 })
  })
})

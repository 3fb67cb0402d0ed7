// Loading files, as people do it: twice, broken, packed, piped, interrupted.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { describe, expect, test } from 'vitest'

import { line, login, page } from './messages.ts'
import { fails, folder, profileOf, run, runJson, serve, start, type LoadAnswer } from './run.ts'

const pages = (count: number): string => Array.from({ length: count }, (_, i) => page(i)).join('')

test('a file loaded twice changes nothing', async () => {
  const cwd = await folder()
  await writeFile(
    join(cwd, 'a.ndjson'),
    login('c-phone', 'ana@example.com', 'm1') + login('c-laptop', 'Ana@Example.com', 'm2'),
  )
  const first = await runJson(['ingest', 'a.ndjson'], { cwd })
  expect(first).toMatchObject({ accepted: 2, duplicates: 0, profiles: 1, identifiers: 3 })
  const second = await runJson(['ingest', 'a.ndjson'], { cwd })
  expect(second).toMatchObject({ accepted: 0, duplicates: 2, profiles: 1, identifiers: 3 })
  const profile = await profileOf('email:ana@example.com', { cwd })
  expect(profile.identifiers).toHaveLength(3)
  expect((await profileOf('cookie:c-laptop', { cwd })).id).toBe(profile.id)
})

test('a bad line is kept with its number and reason and stops nothing', async () => {
  const cwd = await folder()
  const lines = [
    login('c-phone', 'ana@example.com', 'm1'),
    '{"type":"page"\n',
    '\r\n',
    line({ type: 'page', messageId: 'm2' }),
    line({ type: 'wave', anonymousId: 'c-phone' }),
    '[]\n',
    line({ type: 'page', anonymousId: 'c-phone', site: 'No Site' }),
    `{"type":"page","x":"${'y'.repeat(600_000)}"}\n`,
    `\uFEFF${login('c-tablet', 'ana@example.com', 'm3')}`.replace('\uFEFF', ''),
    login('c-last', 'ana@example.com', 'm4').trimEnd(),
  ]
  await writeFile(join(cwd, 'bad.ndjson'), `\uFEFF${lines.join('')}`)
  const answer = await runJson<LoadAnswer>(['ingest', 'bad.ndjson'], { cwd })
  expect(answer).toMatchObject({ messages: 9, accepted: 3, rejected: 6, stopped_at: null })
  const rejects = (await readFile(join(cwd, answer.rejects_file), 'utf8')).trimEnd().split('\n')
  const told = rejects
    .map((text) => JSON.parse(text) as { file: string; line: number; reason: string })
    .toSorted((a, b) => a.line - b.line)
    .map((one) => [one.file, one.line, one.reason])
  expect(told).toEqual([
    ['bad.ndjson', 2, 'not_json'],
    ['bad.ndjson', 4, 'no_identity'],
    ['bad.ndjson', 5, 'unknown_type'],
    ['bad.ndjson', 6, 'not_an_object'],
    ['bad.ndjson', 7, 'bad_site'],
    ['bad.ndjson', 8, 'too_large'],
  ])
  expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true })
})

test('how long a line may be is a setting, with a server and without', async () => {
  const cwd = await folder()
  const limitLine = async (lineBytesMax: number): Promise<void> =>
    writeFile(join(cwd, 'selfsame.config.json'), JSON.stringify({ limits: { lineBytesMax } }))
  const long = { type: 'page', anonymousId: 'c-long', messageId: 'long', name: 'x'.repeat(600_000) }
  await writeFile(join(cwd, 'a.ndjson'), line(long) + page(1))
  await limitLine(1_000)
  const refused = await runJson<LoadAnswer>(['ingest', 'a.ndjson'], { cwd })
  expect(refused).toMatchObject({ accepted: 1, rejected: 1 })
  const said = await run(['rejects'], { cwd })
  expect(said.stdout).toMatch(
    /a line has at most 1000 bytes, not 600\d{3}\s+\(limits\.lineBytesMax/,
  )
  await limitLine(700_000)
  const server = await serve(cwd)
  const taken = { accepted: 1, duplicates: 1, rejected: 0 }
  expect(await runJson(['ingest', 'a.ndjson'], { cwd })).toMatchObject(taken)
  await server.stop()
  const again = line({ ...long, messageId: 'longer' }) + page(1)
  expect(await runJson(['ingest', '-'], { cwd, input: again })).toMatchObject(taken)
})

test('rejects hold no address where contacts are hashed', async () => {
  const cwd = await folder()
  await writeFile(join(cwd, 'selfsame.config.json'), '{"contacts":"hash"}')
  const bad = line({ type: 'wave', traits: { email: 'ana@example.com' } })
  await writeFile(join(cwd, 'a.ndjson'), page(1) + bad + '{"email":"ana@example.com"\n')
  const { rejects_file } = await runJson<LoadAnswer>(['ingest', 'a.ndjson'], { cwd })
  expect(await readFile(join(cwd, rejects_file), 'utf8')).not.toContain('ana@')
})

test('a file that holds no message at all ends with 1', async () => {
  const cwd = await folder()
  await writeFile(join(cwd, 'a.ndjson'), '[\n{"type":"page"},\n')
  const ran = await run(['ingest', 'a.ndjson'], { cwd })
  expect(ran.code).toBe(1)
  expect(ran.stdout).toContain('2 rejected')
})

test('gzip by whatever name, and standard input', async () => {
  const cwd = await folder()
  const whole = Buffer.concat([gzipSync(pages(100)), gzipSync(page(100) + page(101))])
  await writeFile(join(cwd, 'a.ndjson.gz'), whole)
  await writeFile(join(cwd, 'b.ndjson'), gzipSync(page(102)))
  expect(await runJson(['ingest', 'a.ndjson.gz', 'b.ndjson'], { cwd })).toMatchObject({
    accepted: 103,
  })
  const input = page(103) + page(0)
  expect(await runJson(['ingest', '-'], { cwd, input })).toMatchObject({
    accepted: 1,
    duplicates: 1,
  })
  expect(await runJson(['ingest', '-'], { cwd, input: gzipSync(page(104)) })).toMatchObject({
    accepted: 1,
  })
})

test('a torn gzip file loads what is whole and says where it broke', async () => {
  const cwd = await folder()
  const whole = gzipSync(pages(5_000), { level: 1 })
  await writeFile(join(cwd, 'torn.gz'), whole.subarray(0, whole.length - 2_000))
  const ran = await run(['ingest', 'torn.gz'], { cwd })
  expect(ran.code).toBe(1)
  expect(ran.stderr).toMatch(/torn\.gz is damaged after line [1-9]\d*/)
  expect(ran.stderr).not.toContain('    at ')
})

test('messages name their site, or the option does', async () => {
  const cwd = await folder()
  const named = line({ type: 'page', anonymousId: 'c-one', site: 'blog', messageId: '1' })
  const unnamed = line({ type: 'page', anonymousId: 'c-one', messageId: '2' })
  await writeFile(join(cwd, 'a.ndjson'), named + unnamed)
  await runJson(['ingest', 'a.ndjson', '--site', 'shop'], { cwd })
  expect((await profileOf('cookie:c-one', { cwd })).sites).toEqual(['blog', 'shop'])
})

describe('mistakes', () => {
  test.each<[name: string, args: string[], code: number, words: RegExp]>([
    ['a file that is not there', ['ingest', 'nowhere.ndjson'], 1, /nowhere\.ndjson.*not exist/],
    ['a directory', ['ingest', '.'], 1, /is a directory/],
    ['no file', ['ingest'], 2, /missing required argument/],
    ['a bad site', ['ingest', 'x', '--site', 'A b'], 2, /lower-case/],
    ['an unknown flag', ['ingest', 'x', '--fast'], 2, /unknown option/],
    ['an unknown command', ['igest'], 2, /unknown command/],
    ['no data', ['profile', 'cookie:c'], 1, /there is no data.*\n.*selfsame demo/],
    ['no data to verify', ['verify'], 1, /there is no data/],
    ['a bad port', ['serve', '--port', '99999'], 2, /0 to 65535/],
    ['a bad number', ['simulate', '--people', 'many'], 2, /whole number/],
    ['too many people', ['simulate', '--people', '9000000'], 2, /people must be/],
  ])('%s', async (_name, args, code, words) => {
    const cwd = await folder()
    await fails(args, { cwd }, code, words)
    expect(await readdir(cwd)).toEqual([])
  })

  test('an identifier that was never seen, and one that makes no sense', async () => {
    const cwd = await folder()
    await run(['ingest', '-'], { cwd, input: page(1) })
    expect.hasAssertions()
    await fails(['profile', 'cookie:c-unseen'], { cwd }, 1, 'nothing is known of')
    await fails(['profile', 'ana@example.com'], { cwd }, 2, 'email:…')
    await fails(['profile', 'prf_00000000000000000000'], { cwd }, 1, 'no profile')
  })

  test('a wrong setting is refused with its path and what is allowed', async () => {
    const cwd = await folder()
    await writeFile(join(cwd, 'selfsame.config.json'), '{"thresholds":{"merge":2}}')
    const ran = await run(['ingest', '-'], { cwd, input: page(1) })
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/thresholds\.merge is 2; allowed: a number from 0 to 1/)
  })
})

test('a changed configuration does not change decisions, and that is said', async () => {
  const cwd = await folder()
  await run(['ingest', '-'], { cwd, input: page(1) })
  await writeFile(join(cwd, 'selfsame.config.json'), '{"thresholds":{"merge":0.9}}')
  const ran = await run(['ingest', '-'], { cwd, input: page(2) })
  expect(ran.code).toBe(0)
  expect(ran.stderr.match(/the active policy \w+ stays/g)).toHaveLength(1)
})

test('a directory of a newer format is refused', async () => {
  expect.hasAssertions()
  const cwd = await folder()
  await run(['ingest', '-'], { cwd, input: page(1) })
  const path = join(cwd, 'selfsame-data', 'policy', 'default.json')
  const policy = JSON.parse(await readFile(path, 'utf8')) as object
  await writeFile(path, JSON.stringify({ ...policy, format: 2 }))
  for (const args of [
    ['ingest', '-'],
    ['profile', 'cookie:c-1'],
    ['serve', '--port', '0'],
  ]) {
    await fails(args, { cwd, input: page(2) }, 1, 'newer version')
  }
})

test('Ctrl-C keeps what was acknowledged; running again loads the rest', async () => {
  const cwd = await folder()
  const count = 60_000
  await writeFile(join(cwd, 'a.ndjson'), pages(count))
  const loading = start(['ingest', 'a.ndjson', '--json'], { cwd })
  const log = join(cwd, 'selfsame-data', 'log', 'default')
  for (let bytes = 0; bytes < 1_000_000;) {
    const name = (await readdir(log).catch(() => [])).find((one) => one.endsWith('.tsv'))
    bytes = name === undefined ? 0 : (await stat(join(log, name))).size
  }
  loading.child.kill('SIGINT')
  const ran = await loading.ended
  expect(ran.code).toBe(130)
  const stopped = JSON.parse(ran.stdout) as LoadAnswer
  expect(stopped.accepted).toBeLessThan(count)
  expect(stopped.stopped_at).toMatchObject({ file: 'a.ndjson', line: stopped.accepted })
  const rest = await runJson<LoadAnswer>(['ingest', 'a.ndjson'], { cwd })
  expect(rest.duplicates).toBe(stopped.accepted)
  expect(rest.accepted).toBe(count - stopped.accepted)
  expect(await runJson(['verify'], { cwd })).toMatchObject({ ok: true, records: 1 + count })
})

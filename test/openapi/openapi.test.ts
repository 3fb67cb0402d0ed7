// Schemathesis against the OpenAPI document: whatever it makes up, no answer is a 5xx, and every answer has a status, a
// type and a shape that the document names. SELFSAME_OPENAPI says how many cases an operation gets; without it nothing
// is run, since it takes Python and a package of it. Its own environment is kept in node_modules/.cache.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { describe, expect, test, vi } from 'vitest'

import { folder, run, serve, type Served } from '../cli/run.ts'

vi.setConfig({ testTimeout: 15 * 60_000 })

const CASES = process.env['SELFSAME_OPENAPI']
const SCHEMATHESIS = 'schemathesis==4.32.5'
const PEOPLE = 60
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/schemathesis', import.meta.url))

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'ignored_auth',
].join(',')

/** The command, installed if need be. */
function schemathesis(): string {
  if (spawnSync('schemathesis', ['--version']).status === 0) return 'schemathesis'
  const installed = join(CACHE, 'bin', 'schemathesis')
  if (existsSync(installed)) return installed
  execFileSync('python3', ['-m', 'venv', CACHE])
  execFileSync(join(CACHE, 'bin', 'pip'), ['install', '--quiet', SCHEMATHESIS])
  return installed
}

interface Parameter {
  readonly name: string
  readonly in: string
  examples?: Record<string, { value: string }>
}

interface Document {
  readonly paths: Record<string, Record<string, { parameters: Parameter[] }>>
}

/** The document with examples from the world that is served, so that there is something behind what is asked. */
async function documentOf({ url, token }: Served): Promise<Document> {
  const headers = { authorization: `Bearer ${token}` }
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document
  const changes = await fetch(`${url}/v1/changes?limit=1000`, { headers })
  const { changes: listed } = (await changes.json()) as { changes: { profile: string | null }[] }
  const ids = [...new Set(listed.flatMap(({ profile }) => profile ?? []))].slice(-5)
  const identifiers: string[] = []
  for (const id of ids) {
    const profile = await fetch(`${url}/v1/profiles/${id}`, { headers })
    const answer = (await profile.json()) as { identifiers: { identifier: string }[] }
    identifiers.push(...answer.identifiers.slice(0, 2).map(({ identifier }) => identifier))
  }
  expect(identifiers.length).toBeGreaterThan(3)
  const examples: Readonly<Record<string, readonly string[]>> = {
    id: ids,
    identifier: identifiers,
    a: identifiers,
    b: identifiers.toReversed(),
  }
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const { parameters } of Object.values(operations)) {
      for (const parameter of parameters) {
        const known = path.startsWith('/v1/keys') ? undefined : examples[parameter.name]
        if (known === undefined) continue
        const named = known.map((value, i) => [`e${i}`, { value }] as const)
        parameter.examples = Object.fromEntries(named)
      }
    }
  }
  return document
}

// reason: it takes Python and a package of it
describe.skipIf(CASES === undefined)('Schemathesis finds nothing', () => {
  test.each(['ask', 'operate', 'collect'])('in what is there to %s', async (tag) => {
    const cwd = await folder()
    await run(['simulate', '--people', String(PEOPLE), '--out', 'world.ndjson'], { cwd })
    await run(['ingest', 'world.ndjson'], { cwd })
    const served = await serve(cwd)
    // Among what it tries is to revoke keys, the one it was given too: the server's own cannot be.
    const own = await readFile(join(cwd, 'selfsame-data', 'serve.json'), 'utf8')
    const { token: operator } = JSON.parse(own) as { token: string }
    const file = join(cwd, 'openapi.json')
    await writeFile(file, JSON.stringify(await documentOf(served)))
    const auth =
      tag === 'collect'
        ? ['--auth', `${served.writeKey}:`]
        : ['--header', `Authorization: Bearer ${operator}`]
    // An answer without an end is no case.
    const without = ['--exclude-path', '/v1/stream']
    const args = ['run', file, '--url', served.url, ...auth, '--include-tag', tag, ...without]
    const limits = ['--max-examples', CASES ?? '', '--checks', CHECKS, '--continue-on-failure']
    const phases = ['--phases', 'examples,coverage,fuzzing', '--no-color', '--warnings', 'off']
    const found = spawnSync(schemathesis(), [...args, ...limits, ...phases], {
      cwd,
      encoding: 'utf8',
    })
    // Nothing was heard meanwhile: the server has closed connections that were idle, and they must not be used again.
    await setTimeout(100)
    const headers = { authorization: `Bearer ${operator}` }
    const metrics = await (await fetch(`${served.url}/metrics`, { headers })).text()
    const { stderr } = await served.stop()
    expect(found.status === 0 ? '' : found.stdout + found.stderr).toBe('')
    expect(found.stdout).toContain('Seed:')
    expect(stderr).not.toContain('"level":"error"')
    // What is collected did get as far as to the log.
    expect(metrics).toContain(tag === 'collect' ? 'outcome="accepted"' : 'selfsame_')
  })
})

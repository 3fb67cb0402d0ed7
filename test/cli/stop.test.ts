// A server that is stopped, as a person at a terminal and a program that watches over it do it: through npm too.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { folder, run, serve, start } from './run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('a Ctrl-C that comes twice at once, as by npm, is one: what is under way is finished', async () => {
  const server = await serve(await folder())
  server.running.child.kill('SIGINT')
  server.running.child.kill('SIGINT')
  const { code, stderr } = await server.running.ended
  expect([code, stderr]).toEqual([0, expect.stringMatching(/"stopping".*\n.*"stopped".*\n$/)])
})

test('when the npm that started it is told to stop, the server stops', async () => {
  const cwd = await folder()
  const args = ['run', '-s', 'selfsame', '--', 'serve', '--port', '0', '--json', '--data', cwd]
  const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(npm.stdout, 'data')) as [Buffer]
  const { url } = JSON.parse(said.toString()) as { url: string }
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  npm.kill('SIGTERM')
  await once(npm, 'close')
  await expect
    .poll(async () => fetch(`${url}/healthz`).catch(() => 'gone'), { timeout: 20_000 })
    .toBe('gone')
  // It has let go of its data.
  expect((await run(['verify', '--data', cwd], { cwd })).code).toBe(0)
})

test('it says when it begins runs by itself, and that a run ends with it', async () => {
  const cwd = await folder()
  await writeFile(
    join(cwd, 'selfsame.config.json'),
    JSON.stringify({ batch: { atHours: [3, 15] } }),
  )
  const server = start(['serve', '--port', '0'], { cwd })
  expect(await server.said((text) => text.includes('Stop with'))).toMatch(
    /^Batch runs at 03:00, 15:00 UTC$/m,
  )
  const known = await readFile(join(cwd, 'selfsame-data', 'serve.json'), 'utf8')
  const { url, token } = JSON.parse(known) as { url: string; token: string }
  const headers = { authorization: `Bearer ${token}` }
  expect((await fetch(`${url}/v1/runs`, { method: 'POST', headers })).status).toBe(200)
  server.child.kill('SIGTERM')
  const { code, stderr } = await server.ended
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^stopping: .*the batch run ends here/)])
})

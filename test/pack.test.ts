// The package as people get it: packed from these files, installed into an empty folder, run there.
import { execFile } from 'node:child_process'
import { cpSync, symlinkSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { folder } from './cli/run.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const shell = promisify(execFile)

/** A copy of what a checkout would hold, so that nothing of this one's build is in the way. */
async function checkout(): Promise<string> {
  const copy = await folder()
  const listed = await shell('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root })
  for (const path of listed.stdout.split('\0')) {
    if (!/^(src|console|scripts|types|docs|examples)\/|^[^/]+$/.test(path) || path === '') continue
    await mkdir(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path))
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

test('it installs into an empty folder and runs', async () => {
  const source = await checkout()
  const cwd = await folder()
  await shell('npm', ['pack', '--pack-destination', cwd], { cwd: source })
  const tarball = (await readdir(cwd)).find((name) => name.endsWith('.tgz')) ?? ''
  await writeFile(join(cwd, 'package.json'), '{"private":true}')
  await shell('npm', ['install', '--prefer-offline', '--no-audit', `./${tarball}`], { cwd })
  const installed = await readdir(join(cwd, 'node_modules', 'selfsame'), { recursive: true })
  expect(installed.filter((name) => /\.test\.|^src|tsbuildinfo/.test(name))).toEqual([])
  expect(installed).toContain('dist/tag/selfsame.js')
  expect(installed).toContain('dist/console/index.html')
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link)
  expect(links).toContain('docs/cli.md')
  expect(links.filter((link) => !installed.includes(link))).toEqual([])

  const bin = join(cwd, 'node_modules', '.bin', 'selfsame')
  const environment = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  }
  const selfsame = async (...args: string[]): Promise<string> =>
    (await shell(bin, args, { cwd, env: environment })).stdout
  expect(await selfsame('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
  const events = join('node_modules', 'selfsame', 'examples', 'first-steps', 'events.ndjson')
  expect(await selfsame('ingest', events)).toContain('8 new')
  expect(await selfsame('profile', 'email:ana@example.com')).toContain('cookie:c-phone')

  const program = `
    import { parseSettings } from 'selfsame'
    import { openSqliteStore } from 'selfsame/adapters/sqlite'
    import { createClient } from 'selfsame/client'
    if (typeof createClient !== 'function') process.exit(1)
    if (!parseSettings({}).ok || typeof openSqliteStore !== 'function') process.exit(1)`
  await shell(process.execPath, ['--input-type=module', '-e', program], { cwd })
}, 300_000)

// What the README tells people to type, typed; what it says they will see, seen. And docs/cli.md, which is --help.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { folder, run, start } from './cli/run.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** Commands of the README's consoles, with what follows each. */
const sessions = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .filter((part) => part !== '')
    .map((part) => {
      const end = part.indexOf('\n')
      return { command: part.slice(0, end), output: part.slice(end + 1) }
    }),
)

/** Ids and times differ from run to run. */
const settled = (text: string): string =>
  text
    .replaceAll(/prf_[0-9a-f]{20}/g, 'prf_…')
    .replaceAll(/in [\d.]+ m?s( \([\d,]+\/s\)|\.)/g, 'in …')
    .trim()

test('the consoles show what happens', async () => {
  const data = await folder()
  expect(sessions.length).toBeGreaterThan(3)
  for (const { command, output } of sessions) {
    const [program, ...args] = command.split(' ')
    expect(program).toBe('selfsame')
    const environment = { SELFSAME_DATA: join(data, 'data') }
    const ran = await run(args, { cwd: root, environment })
    expect(settled(ran.stdout)).toBe(settled(output))
    expect(ran.stderr).toBe('')
  }
})

test('its two commands are scripts, and the demo runs in an empty folder', async () => {
  const scripts = /"scripts": \{[^}]*\}/.exec(readFileSync(join(root, 'package.json'), 'utf8'))?.[0]
  for (const name of ['demo', 'test', 'selfsame']) expect(scripts).toContain(`"${name}": `)
  const cwd = await folder()
  const byNpm = { npm_lifecycle_event: 'demo' }
  const demo = start(['demo', '--people', '120'], { cwd, environment: byNpm })
  const told = await demo.said((stdout) => stdout.includes('Stop with Ctrl-C'))
  await expectConsole(/The console: (\S+)/.exec(told)?.[1] ?? '')
  demo.child.kill('SIGTERM')
  const ran = await demo.ended
  expect(ran.code).toBe(0)
  for (const words of [
    'precision',
    'by a batch run',
    'A missed join is better',
    'are one person',
    'Look around:',
  ])
    expect(ran.stdout).toContain(words)
  const next = /^ {2}npm run -s selfsame -- (profile .*)$/m.exec(ran.stdout)?.[1] ?? ''
  const found = await run(next.split(' '), { cwd })
  expect(found.stdout).toContain('prf_')
  const [, query = '', where = ''] = / sql "(.*)" (--data .*)$/m.exec(ran.stdout) ?? []
  const asked = await run(['sql', query, ...where.split(' ')], { cwd })
  expect(asked.stdout).toMatch(/^channel .*\n(?:\w+ +\d+ +\d+\n)+$/)
  const environment = { TMPDIR: await folder() }
  const again = await run(['demo', '--people', '20', '--json'], { cwd, environment })
  expect(again.stderr).toContain('is not empty and stays as it is')
  expect((JSON.parse(again.stdout) as { data: string }).data).toContain(environment.TMPDIR)
}, 120_000)

/** The page, and a session for the token that stands behind the "#". */
async function expectConsole(address: string): Promise<void> {
  const [url = '', token] = address.split('#/sign-in?token=')
  expect(await (await fetch(url)).text()).toContain('<title>Selfsame</title>')
  const session = await fetch(`${url}v1/session`, {
    method: 'POST',
    body: JSON.stringify({ token }),
  })
  expect(await session.json()).toMatchObject({ role: 'admin' })
}

test('every link leads to a file', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link)
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([])
})

test('docs/cli.md is what --help says (npx vitest run test/readme.test.ts -u)', async () => {
  const cwd = await folder()
  const help = async (...args: string[]): Promise<string> =>
    (await run([...args, '--help'], { cwd })).stdout.trimEnd()
  const program = await help()
  const names = [...program.matchAll(/^ {2}([a-z]+)(?: \S.*?)? {2,}\S/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help')
  expect(names).toContain('ingest')
  const parts = ['# Commands', intro, block(program)]
  for (const name of names) {
    const text = await help(name)
    parts.push(`## ${name}`, block(text))
    const [, below = ''] = text.split('\nCommands:\n')
    for (const [, inner = ''] of below.matchAll(/^ {2}([a-z]+)/gm)) {
      if (inner !== 'help') parts.push(`### ${name} ${inner}`, block(await help(name, inner)))
    }
  }
  await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot(join(root, 'docs', 'cli.md'))
})

const intro = `Every command takes the global options. It ends with 0 when it did what it was asked, 1 when it failed, 2 when it was called wrongly, 130 when it was interrupted. Answers go to standard output, everything else to standard error; with \`--json\` an answer is one line of JSON. Beside a running \`serve\`, commands go through it or read what it has stored; a second writer is refused.`

const block = (text: string): string => `\`\`\`\n${text}\n\`\`\``

// Style is a test: what types and lint cannot see is checked over every file of the repository,
// and every rule is shown to catch what it is there for.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import type { RepoFile } from './tidy/file.ts'
import { STATIONS } from './tidy/imports.ts'
import { tidyProblems } from './tidy/rules.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function repoFiles(): RepoFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  return listed
    .split('\0')
    .filter((path) => path !== '' && existsSync(root + path) && statSync(root + path).isFile())
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))
    .filter((file) => !file.text.includes('\0'))
}

test('the repository is tidy', () => {
  const files = repoFiles()
  expect(files.length).toBeGreaterThan(20)
  expect(files.flatMap((file) => tidyProblems(file))).toEqual([])
})

test('every folder of the core is a station', () => {
  const folders = readdirSync(`${root}src/core`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  expect(STATIONS).toEqual(expect.arrayContaining(folders))
})

/** What the rules say about one made-up file; heads are added unless the test is about them. */
const said = (path: string, text: string): string =>
  tidyProblems({ path, text: `// head\n${text}\n` }).join('\n')

const join = (...halves: string[]): string => halves.join('')

const lines = (count: number): string => '    step()\n'.repeat(count)

const longFunction = `export function long(\n  a: A,\n): void {\n${lines(80)}}`

const longMethod = `class A {\n  long(a: A): void {\n${lines(80)}  }\n}`

describe('catches', () => {
  test.each<[name: string, path: string, text: string, message: string]>([
    ['a later station', 'src/core/edge/a.ts', "import { b } from '../profile/b.ts'", 'pass the'],
    ['a later type', 'src/core/event/a.ts', "import type { B } from '../edge/b.ts'", 'pass the'],
    ['a re-export of one', 'src/core/event/a.ts', "export * from '../edge/b.ts'", 'pass the'],
    ['an import over lines', 'src/core/event/a.ts', "} from '../edge/b.ts'", 'pass the'],
    ['a dynamic one', 'src/core/event/a.ts', "await import('../edge/b.ts')", 'pass the'],
    ['an unknown station', 'src/core/edge/a.ts', "import '../cluster/b.ts'", 'a station is one of'],
    ['the index from within', 'src/core/edge/a.ts', "import '../index.ts'", 'a station is one of'],
    ['a layer upwards', 'src/core/edge/a.ts', "import '../../ports/b.ts'", 'join them in apps'],
    ['adapter to flow', 'src/adapters/d1/a.ts', "import '../../flows/b.ts'", 'join them in apps'],
    ['adapter to adapter', 'src/adapters/d1/a.ts', "import '../redis/b.ts'", 'through a port'],
    ['a way out of src', 'src/apps/cli/a.ts', "import '../../../test/b.ts'", 'apps may know'],
    ['an unknown layer', 'src/other/a.ts', "import './b.ts'", 'one of the layers'],
    ['a part to a view', 'console/src/parts/a.tsx', "import '../views/b.tsx'", 'an earlier room'],
    ['a state to the frame', 'console/src/state/a.ts', "import '../app.tsx'", 'an earlier room'],
    ['the console to the core', 'console/src/a.ts', "import '../../src/core/b.ts'", 'ask the API'],
    ['node in the core', 'src/core/edge/a.ts', "import 'node:fs'", 'a pure package'],
    ['a package in a flow', 'src/flows/a.ts', "import { pino } from 'pino'", 'a pure package'],
    ['a clock', 'src/core/edge/a.ts', 'const at = Date.now()', 'as a parameter'],
    ['a clock in a Date', 'src/flows/a.ts', 'const at = new Date()', 'as a parameter'],
    ['a fine clock', 'src/simulator/a.ts', 'performance.now()', 'take a clock'],
    ['randomness', 'src/ports/a.ts', 'Math.random()', 'seeded generator'],
    ['a locale', 'src/core/edge/a.ts', 'a.localeCompare(b)', 'with <'],
    ['a default export', 'src/apps/cli/a.ts', 'export default 1', 'a named export'],
    [
      'a renamed default',
      'src/apps/cli/a.ts',
      join('export { a as def', 'ault }'),
      'a named export',
    ],
    ['a vague file', 'src/core/edge/edge-utils.ts', '', 'the noun of what it makes'],
    ['a vague folder', 'src/adapters/common/index.ts', '', 'the station that owns it'],
    ['a long file', 'src/core/edge/a.ts', 'x\n'.repeat(301), 'split by what'],
    ['a long function', 'src/core/edge/a.ts', longFunction, 'name its steps'],
    ['a long method', 'src/core/edge/a.ts', longMethod, 'name its steps'],
    ['a path of one machine', 'docs/a.md', join('see /', 'home/ana/selfsame'), 'relative to'],
    ['a registry', 'package-lock.json', join('https://registry', '.npmjs.org/x'), 'the machine'],
    ['unfinished work', 'README.md', join('TO', 'DO: write'), 'open an issue'],
    ['a lone test', 'src/core/edge/a.test.ts', join('test.on', "ly('x', () => {})"), 'vitest run'],
    [
      'a skipped test',
      'src/core/edge/a.test.ts',
      join('test.sk', "ip('x', () => {})"),
      '// reason',
    ],
  ])('%s', (_name, path, text, message) => {
    const problems = said(path, text)
    expect(problems).toContain(`${path}:`)
    expect(problems).toContain(message)
  })

  test('a file without a head, and one with a long head', () => {
    expect(tidyProblems({ path: 'src/core/edge/a.ts', text: 'export {}\n' })).toHaveLength(1)
    expect(said('src/core/edge/a.ts', '// more\n'.repeat(4))).toContain('a head of 5 lines')
  })
})

describe('lets pass', () => {
  test.each<[name: string, path: string, text: string]>([
    ['an earlier station', 'src/core/edge/a.ts', "import '../policy/b.ts'"],
    ['the own station', 'src/core/edge/a.ts', "import './b.ts'"],
    ['the table of contents', 'src/core/index.ts', "export { a } from './review/a.ts'"],
    ['the own adapter', 'src/adapters/d1/a.ts', "import './b.ts'\nimport 'node:fs'"],
    ['apps joining', 'src/apps/cli/a.ts', "import '../../adapters/d1/b.ts'"],
    ['a test crossing', 'src/core/edge/a.test.ts', "import '../../adapters/d1/b.ts'"],
    ['a view to a part', 'console/src/views/a.tsx', "import '../parts/b.tsx'"],
    ['the frame to a view', 'console/src/app.tsx', "import './views/b.tsx'"],
    ['a pure package', 'src/core/identifier/a.ts', "import { parse } from 'tldts'"],
    ['a given instant', 'src/core/edge/a.ts', 'new Date(atMs)'],
    ['a clock in an adapter', 'src/adapters/d1/a.ts', 'Date.now()'],
    [
      'a ban named in a comment',
      'src/core/edge/a.ts',
      '/** Never Date.now(). */\nrun() // Date.now()',
    ],
    ['a URL that is no path', 'docs/a.md', join('https://example.com/', 'home/x')],
    ['a reasoned skip', 'src/a.test.ts', join('// reason: no fsync\ntest.sk', "ip('x', () => {})")],
    ['a function of 60 lines', 'src/core/edge/a.ts', `function a(): void {\n${lines(58)}}`],
    [
      'many short methods',
      'src/core/edge/a.ts',
      `class A {\n${'  a(): void {\n    step()\n  }\n'.repeat(60)}}`,
    ],
    ['a head below a shebang', 'src/apps/cli/a.ts', ''],
  ])('%s', (_name, path, text) => {
    expect(said(path, text)).toBe('')
  })
})

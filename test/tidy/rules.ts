// The ways of writing that neither compiler nor linter sees, each with what to write instead.
// Patterns are written so that they do not match themselves ([D] for D).
import {
  codeLines,
  isSource,
  isTest,
  isTypeScript,
  problem,
  type Problem,
  type RepoFile,
  type Rule,
} from './file.ts'
import { importProblems } from './imports.ts'

const FILE_LINES_MAX = 300
const FUNCTION_LINES_MAX = 75
const HEAD_LINES_MAX = 4

const BANNED_NAMES: Readonly<Record<string, string>> = {
  utils: 'the noun of what it makes',
  util: 'the noun of what it makes',
  helpers: 'the noun of what it makes',
  helper: 'the noun of what it makes',
  misc: 'one file for each thing in it',
  common: 'the station that owns it',
  manager: 'what it keeps: a store, a queue, a log',
  service: 'the verb of a flow, or the port',
}

interface Ban {
  readonly pattern: RegExp
  readonly where: (path: string) => boolean
  readonly instead: string
  /** Look at comments too. */
  readonly comments?: boolean
}

const isPure = (path: string): boolean =>
  isSource(path) && /^src\/(core|ports|simulator|evaluation|flows)\//.test(path)

const isConfig = (path: string): boolean => path.endsWith('.config.ts')

const everywhere = (): boolean => true

const BANS: readonly Ban[] = [
  { pattern: /\bDate\.now\(/, where: isPure, instead: 'take the instant as a parameter' },
  { pattern: /\bnew Date\(\s*\)/, where: isPure, instead: 'take the instant as a parameter' },
  { pattern: /\bDate\(\s*\)/, where: isPure, instead: 'take the instant as a parameter' },
  { pattern: /\bperformance\.now\b/, where: isPure, instead: 'take a clock, or measure in bench' },
  { pattern: /\bMath\.random\(/, where: isPure, instead: 'draw from a seeded generator' },
  {
    pattern: /\.(localeCompare|toLocale\w*)\(/,
    where: isPure,
    instead: 'compare code units with <: a locale differs from machine to machine',
  },
  {
    pattern: /^\s*export default\b|\bas default\b/,
    where: (path) => isTypeScript(path) && !isConfig(path),
    instead: 'a named export',
  },
  {
    pattern: /\.only\(/,
    where: isTest,
    instead: 'run one file with `npx vitest run PATH -t NAME`',
  },
  {
    pattern: /(^|[^A-Za-z0-9_.])\/(work|root|home)\/[A-Za-z.]/,
    where: everywhere,
    instead: 'a path relative to the repository or to import.meta.url',
    comments: true,
  },
  {
    pattern: /registry\.(npmjs|yarnpkg)|npm\.pkg\.github/,
    where: everywhere,
    instead: 'nothing: the registry is a setting of the machine',
    comments: true,
  },
  {
    pattern: /\b(TO[D]O|FIX[M]E|XX[X])\b/,
    where: everywhere,
    instead: 'finish it, or open an issue and say in words what holds today',
    comments: true,
  },
]

const banProblems: Rule = (file) => {
  const raw = file.text.split('\n')
  const code = isTypeScript(file.path) ? codeLines(file) : raw
  return BANS.filter((ban) => ban.where(file.path)).flatMap((ban) =>
    (ban.comments === true ? raw : code).flatMap((line, index) => {
      const found = ban.pattern.exec(line)
      return found === null
        ? []
        : [problem(file, index + 1, `\`${found[0].trim()}\` is banned here`, ban.instead)]
    }),
  )
}

const nameProblems: Rule = (file) => {
  const words = file.path.toLowerCase().split(/[^a-z0-9]+/)
  return words.flatMap((word) => {
    const instead = Object.hasOwn(BANNED_NAMES, word) ? BANNED_NAMES[word] : undefined
    return instead === undefined ? [] : [problem(file, 1, `"${word}" names nothing`, instead)]
  })
}

const fileLengthProblems: Rule = (file) => {
  const lines = file.text.trimEnd().split('\n').length
  if (!isSource(file.path) || lines <= FILE_LINES_MAX) return []
  const fact = `${lines} lines are more than ${FILE_LINES_MAX}`
  return [problem(file, lines, fact, 'split by what the parts make (aim: 250)')]
}

const OPENS_FUNCTION = /(\bfunction\b.*|=>|\)(: .+)?) \{$/
const OPENS_BLOCK = /^\s*(\} )?(if|else|for|while|switch|catch)\b/

/** Function lengths by indentation: the formatter puts head and closing brace into one column. */
const functionLengthProblems: Rule = (file) => {
  if (!isSource(file.path)) return []
  const lines = codeLines(file)
  return lines.flatMap((line, start) => {
    if (!OPENS_FUNCTION.test(line) || OPENS_BLOCK.test(line)) return []
    const close = `${/^\s*/.exec(line)?.[0] ?? ''}}`
    const end = lines.findIndex((next, at) => at > start && next.startsWith(close))
    const length = end - start + 1
    if (length <= FUNCTION_LINES_MAX) return []
    const fact = `a function of ${length} lines is longer than ${FUNCTION_LINES_MAX}`
    return [problem(file, start + 1, fact, 'name its steps as functions (aim: 60)')]
  })
}

const headProblems: Rule = (file) => {
  if (!isTypeScript(file.path)) return []
  const lines = file.text.split('\n')
  const first = lines[0]?.startsWith('#!') === true ? 1 : 0
  if (!/^\/[/*]/.test(lines[first] ?? '')) {
    const instead = '1 to 4 lines: what it is and which invariant it keeps'
    return [problem(file, first + 1, 'no file head', instead)]
  }
  const head = lines.slice(first).findIndex((line) => !line.startsWith('//'))
  if (head <= HEAD_LINES_MAX) return []
  const fact = `a head of ${head} lines is longer than ${HEAD_LINES_MAX}`
  return [problem(file, first + 1, fact, 'ARCHITECTURE.md or docs/decisions for the rest')]
}

const skipProblems: Rule = (file) => {
  if (!isTest(file.path)) return []
  const raw = file.text.split('\n')
  return codeLines(file).flatMap((line, index) => {
    if (!/\.(skip|skipIf|todo|fails)\(/.test(line)) return []
    const reasoned = [raw[index - 1], raw[index]].some((near) => near?.includes('// reason:'))
    const instead = 'run it, or say `// reason: …` on this line or the one before'
    return reasoned ? [] : [problem(file, index + 1, 'a test is skipped without a reason', instead)]
  })
}

const RULES: readonly Rule[] = [
  importProblems,
  banProblems,
  nameProblems,
  fileLengthProblems,
  functionLengthProblems,
  headProblems,
  skipProblems,
]

/** Everything that is untidy in one file. */
export function tidyProblems(file: RepoFile): Problem[] {
  return RULES.flatMap((rule) => rule(file))
}

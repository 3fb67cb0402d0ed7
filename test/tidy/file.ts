// What a tidy rule reads and what it says. Rules are pure, so that tests can feed them strings.

/** A text file of the repository; `path` is relative to its root, with forward slashes. */
export interface RepoFile {
  readonly path: string
  readonly text: string
}

/** What is wrong where, and what to write instead, as one line for a person. */
export type Problem = string

export type Rule = (file: RepoFile) => readonly Problem[]

/** One problem line: place, fact, and the way out. */
export function problem(file: RepoFile, line: number, fact: string, instead: string): Problem {
  return `${file.path}:${line} ${fact}; instead: ${instead}`
}

/** The lines of a file with comments blanked out, so that line numbers stay. */
export function codeLines(file: RepoFile): string[] {
  return file.text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/.*$/, '$1'))
}

export const isTypeScript = (path: string): boolean => /\.(ts|tsx|mts)$/.test(path)

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

/** Source that ships: under src/, tests left out. */
export const isSource = (path: string): boolean =>
  path.startsWith('src/') && isTypeScript(path) && !isTest(path)

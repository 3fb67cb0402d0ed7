// The command line that is measured.

/** Its file, as it is written or as it is built. */
export function commandLine(isBuilt: boolean): string {
  const entry = isBuilt ? '../dist/apps/cli/main.js' : '../src/apps/cli/main.ts'
  return new URL(entry, import.meta.url).pathname
}

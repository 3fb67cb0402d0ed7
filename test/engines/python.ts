// A Python with Kafka's client for it, in a folder of its own, for the example of the docs.
import { join } from 'node:path'

import { cached, execute } from './cache.ts'

const PACKAGE = 'confluent-kafka[avro]==2.16.0'

/** Path of a `python` that has `confluent_kafka`; fetched the first time. */
export async function pythonWithKafka(): Promise<string> {
  const directory = await cached('python-confluent-kafka-2.16.0', async (into) => {
    await execute('python3', ['-m', 'venv', into], into)
    await execute(join(into, 'bin', 'python'), ['-m', 'pip', 'install', '-q', PACKAGE], into)
  })
  return join(directory, 'bin', 'python')
}

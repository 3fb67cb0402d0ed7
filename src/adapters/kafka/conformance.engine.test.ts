// The log on Kafka passes the cases of its port, against a real broker and registry.
import { expect, test } from 'vitest'

import { kafkaStack } from '../../../test/engines/kafka-stack.ts'
import { sha256 } from '../../../test/extraction.ts'
import { sharedLogCases } from '../../ports/conformance/shared-log.cases.ts'

const stack = kafkaStack()

test.for(sharedLogCases)('$name', async (entry) => {
  const options = stack().ownLog()
  const subject = {
    account: options.account,
    digest: sha256,
    open: () => stack().open(options),
  }
  await expect(entry.run(subject)).resolves.toBeUndefined()
})

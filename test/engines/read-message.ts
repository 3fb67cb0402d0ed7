// How a message without its fact is read, as the flows do it, for logs in tests.
import { understand } from '../../src/flows/ingest.ts'
import type { ReadMessage } from '../../src/ports/shared-log.ts'
import { extractionOf } from '../extraction.ts'

const extraction = extractionOf()

export const readMessage: ReadMessage = (unread) => understand(extraction, unread)

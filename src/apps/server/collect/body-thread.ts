// The thread that reads large bodies: parses them and understands their messages.

import { Packer, type FlatMessages } from '../../loading/flat-messages.ts'
import { answerAsks, type Given } from '../../loading/understanding-thread.ts'
import { parsePosted, type Speaking } from './posted-body.ts'
import { readMessages, type Refused, type Tracking } from './tracked-messages.ts'
import type { RefusalReason, Wire } from './wire.ts'

export interface BodyAsk {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly speaking: Speaking
  readonly tracking: Tracking
}

interface FlatBody {
  readonly flat: FlatMessages
  /** Text of each message that is to be taken. */
  readonly raws: readonly string[]
  /** The others, with their places among all. */
  readonly refused: readonly (Refused & { readonly at: number })[]
}

export interface BodyAnswer {
  readonly wire: Wire['name']
  /** Of a body of which nothing is taken. */
  readonly text: string | undefined
  readonly messages: FlatBody | RefusalReason
}

answerAsks((extraction) => {
  const packer = new Packer()
  return ({ bytes, speaking, tracking }: BodyAsk): Given<BodyAnswer> => {
    const body = parsePosted(bytes, speaking, extraction.settings.limits)
    const wire = body.wire.name
    const messages = readMessages(extraction, body, tracking)
    if (typeof messages === 'string') {
      return { answer: { wire, text: body.text, messages }, given: null }
    }
    const taken = messages.filter((one) => 'kind' in one)
    const refused = messages.flatMap((one, at) => ('kind' in one ? [] : [{ ...one, at }]))
    const flat = packer.pack(taken)
    const raws = taken.map(({ raw }) => raw)
    const answer = { wire, text: undefined, messages: { flat, raws, refused } }
    return { answer, given: flat.numbers.buffer }
  }
})

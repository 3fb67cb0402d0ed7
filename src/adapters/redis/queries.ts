// The smaller questions: what is read by commands and short scripts.

import type { IdentityStore } from '../../ports/identity-store.ts'
import { StoreError } from '../../ports/store-error.ts'
import type { Asking } from './asking.ts'
import type { KeyName } from './namespaces.ts'
import { descending, questionIn, verdictIn } from './reviews.ts'

type Numbers = Pick<IdentityStore, 'position' | 'epoch' | 'waiting' | 'counts'>
type Reviews = Pick<IdentityStore, 'questions' | 'question' | 'verdicts' | 'verdictOn'>

export function numbersOf({ on, number, values }: Asking): Numbers {
  return {
    position: (source) => number('HGET', 'at', source),
    epoch: async () => {
      const [epoch] = await values('meta', ['epoch'])
      if (epoch !== undefined) return epoch.toString()
      throw new StoreError('corrupt', 'the graph is not there any more: it was dropped', {
        retryable: false,
      })
    },
    waiting: async (limit) => {
      const found = await on('ZRANGEBYLEX', 'wait', '-', '+', 'LIMIT', '0', String(limit))
      return (found as Buffer[]).map((key) => key.toString('hex'))
    },
    counts: async () => {
      const [identifiers, edges, profiles, questions, waiting] = await Promise.all([
        number('HLEN', 'node'),
        number('HGET', 'meta', 'edges'),
        number('HGET', 'meta', 'live'),
        number('ZCARD', 'qord'),
        number('ZCARD', 'wait'),
      ])
      return { identifiers, edges, profiles, questions, waiting }
    },
  }
}

const LAST_BYTE = Buffer.from([0xff])
const NO_BYTE = Buffer.from([0])
const PLACE_BYTES = 8

export function reviewsOf({ on, values }: Asking): Reviews {
  /** Of those after a place, the first ones. */
  const byPlace = async (
    [order, records]: readonly [KeyName, KeyName],
    after: Buffer | null,
    limit: number,
  ): Promise<readonly Buffer[]> => {
    const from = after === null ? '-' : Buffer.concat([Buffer.from('('), after])
    const given = [from, '+', 'LIMIT', '0', String(limit)]
    const found = (await on('ZRANGEBYLEX', order, ...given)) as Buffer[]
    return values(
      records,
      found.map((one) => one.subarray(PLACE_BYTES)),
    )
  }
  return {
    questions: async (after, limit) => {
      const place = after && Buffer.concat([descending(after.worth), Buffer.from(after.id)])
      return (await byPlace(['qord', 'ques'], place, limit)).map(questionIn)
    },
    question: async (id) => (await values('ques', [id])).map(questionIn)[0] ?? null,
    verdicts: async (before, limit) => {
      const place = before === null ? null : Buffer.concat([descending(before), LAST_BYTE])
      return (await byPlace(['vord', 'verd'], place, limit)).map(verdictIn)
    },
    verdictOn: async (id) => {
      const name = Buffer.concat([Buffer.from(`[${id}`), NO_BYTE])
      const end = Buffer.concat([name, LAST_BYTE])
      const found = (await on('ZRANGEBYLEX', 'von', name, end, 'LIMIT', '0', '1')) as Buffer[]
      const before = Buffer.byteLength(id) + 1 + PLACE_BYTES
      const ids = found.map((one) => one.subarray(before))
      return (await values('verd', ids)).map(verdictIn)[0] ?? null
    },
  }
}

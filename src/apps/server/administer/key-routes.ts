// Keys: who may send for which site, and who may ask.

import { z } from 'zod'

import { makeKey } from '../../access/make-wanted-key.ts'
import {
  answerOfKey,
  keyAnswer,
  keysAnswer,
  newKeyAnswer,
  wantedKey,
} from '../../answers/key-answer.ts'
import { noAnswer } from '../../answers/look-ups.ts'
import { NO_BODY, type Route, route } from '../ask/route.ts'

export const keyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/keys',
    operation: 'listKeys',
    summary: 'Write keys and tokens of the account',
    role: 'admin',
    forSites: false,
    params: z.object({}),
    body: NO_BODY,
    answer: keysAnswer,
    ask: async ({ parts, caller }) => {
      const keys = await parts.keys.store.list(caller.account)
      return { ok: true, value: { keys: keys.map(answerOfKey) } }
    },
  }),
  route({
    method: 'post',
    path: '/v1/keys',
    operation: 'createKey',
    summary: 'A new write key or token; the answer is the only place where it is shown',
    role: 'admin',
    forSites: false,
    params: z.object({}),
    body: wantedKey,
    answer: newKeyAnswer,
    ask: async ({ parts, caller, body }) => {
      const made = await makeKey(parts.keys, parts.settings, caller.account, body)
      if (!made.ok) return noAnswer(400, made.message)
      const { record, text: key } = made.made
      return { ok: true, value: { ...answerOfKey(record), key } }
    },
  }),
  route({
    method: 'delete',
    path: '/v1/keys/{id}',
    operation: 'revokeKey',
    summary: 'Makes a key void, at once and for good',
    role: 'admin',
    forSites: false,
    params: z.object({ id: z.string().min(1).max(100).describe('`id` of the key') }),
    body: NO_BODY,
    answer: keyAnswer,
    ask: async ({ parts, caller: { account }, params: { id } }) => {
      const { store, now } = parts.keys
      if (!(await store.revoke(account, id, now()))) return noAnswer(404, `there is no key ${id}`)
      const record = await store.byId(id)
      if (record === null || record.kind === 'session')
        return noAnswer(404, `there is no key ${id}`)
      return { ok: true, value: answerOfKey(record) }
    },
  }),
]

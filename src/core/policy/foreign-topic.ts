// The setting of one topic that others fill: what its records are as tracking messages.

import { z } from 'zod'

import { name, text } from './settings-parts.ts'

const TARGET_ALLOWED =
  'a field of a tracking message: messageId, anonymousId, userId, previousId, timestamp, type, event, name, or a path below traits, properties or context'
const target = text(
  /^((messageId|anonymousId|userId|previousId|timestamp|type|event|name)|(traits|properties|context)(\.(?!__proto__)[A-Za-z0-9_$ -]{1,64}){1,8})$/,
  TARGET_ALLOWED,
)

const SOURCE_ALLOWED = 'a path of names in the record, such as visitor.id'
const source = text(/^[^\s.][^.]{0,127}(\.[^.]{1,128}){0,15}$/, SOURCE_ALLOWED)

export const foreignTopic = z
  .strictObject({
    topic: text(/^[A-Za-z0-9._-]{1,249}$/, 'a name of a topic').describe('the topic, in full'),
    format: z
      .enum(['json', 'avro'])
      .default('json')
      .describe(
        'avro: with the id of its schema in the registry before it, as Confluent writes it',
      ),
    type: z
      .enum(['track', 'page', 'screen', 'identify'])
      .default('track')
      .describe('what its records are; a mapped `type` is used where a record has one'),
    event: z
      .string()
      .max(256)
      .default('')
      .describe('of a track its event name, which decides its edge; of a page or screen its name'),
    site: name.default('default').describe('the site its messages are from'),
    fields: z
      .record(target, source)
      .describe('field of the tracking message → where in the record it stands'),
  })
  .refine(({ type, event, fields }) => type !== 'track' || event !== '' || 'event' in fields, {
    error: 'has no event name',
    params: { allowed: 'a track names its `event`, or maps it' },
  })
  .refine(({ fields }) => 'anonymousId' in fields || 'userId' in fields, {
    error: 'names nobody',
    params: { allowed: 'fields that map `anonymousId`, `userId`, or both' },
  })

export type ForeignTopic = z.infer<typeof foreignTopic>

// A record of a topic that others fill, as the tracking message it stands for.
// Invariant: pure; what is not mapped is not looked at, and a field that the record lacks is left out.

import type { ForeignTopic } from '../policy/foreign-topic.ts'
import { isFields, type Fields } from './event.ts'

type Target = Record<string, unknown>

/**
 * The message of one record, to be read as any other. `id` names it where no `messageId` is mapped or the record has none:
 * topic, partition and offset, so that the record is the same message whenever it is read.
 */
export function foreignMessage(rule: ForeignTopic, record: Fields, id: string): Fields {
  const message: Target = { type: rule.type, messageId: id }
  if (rule.event !== '') message[rule.type === 'track' ? 'event' : 'name'] = rule.event
  for (const [target, source] of Object.entries(rule.fields)) {
    const value = valueAt(record, source)
    if (value !== undefined && value !== null && value !== '') put(message, target, value)
  }
  return message
}

/** What stands at a path of names; undefined where there is nothing. A field's own name may not contain a dot. */
function valueAt(record: Fields, path: string): unknown {
  let value: unknown = record
  for (const step of path.split('.')) {
    if (!isFields(value) || !Object.hasOwn(value, step)) return undefined
    value = value[step]
  }
  return value
}

function put(message: Target, path: string, value: unknown): void {
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  let into = message
  for (const step of steps) into = objectAt(into, step)
  into[last] = value
}

/** The object under a name, made where there is none. */
function objectAt(parent: Target, name: string): Target {
  const there = parent[name]
  if (isTarget(there)) return there
  const made: Target = {}
  parent[name] = made
  return made
}

function isTarget(value: unknown): value is Target {
  return isFields(value)
}

// Identifiers of declared types: a mobile ad id, a push token, a loyalty card … read where the configuration says.

import { fieldsAt, isFields, type Event, type Fields } from '../event/event.ts'
import type { DeclaredPath, DeclaredType } from './declared-type.ts'
import type { Extraction, Scope } from './extraction.ts'
import { idText } from './id-text.ts'
import { junkId } from './junk.ts'
import { makeIdentifier, refuse, type Made } from './made.ts'

/** What a declared type made of a message: one entry a path that holds something. */
export function declaredIn(
  extraction: Extraction,
  scope: Scope,
  type: DeclaredType,
  event: Event,
  named: boolean,
): readonly Made[] {
  const found: Made[] = []
  for (const path of type.paths) {
    for (const root of rootsOf(path, event, named)) {
      const value = valueAt(root, path.steps)
      if (value !== undefined && value !== null && value !== '') {
        found.push(declaredOf(extraction, scope, type, value))
      }
    }
  }
  return found
}

/** One value of a declared type. */
export function declaredOf(
  extraction: Extraction,
  scope: Scope,
  type: DeclaredType,
  value: unknown,
): Made {
  if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
    return refuse(type.name, 'wrong_type')
  }
  const name = `${type.name}\u001f${String(value)}`
  let made = scope.declared.get(name)
  if (made === undefined) {
    const text = idText(extraction, String(value))
    const id = type.lower ? text.toLowerCase() : text
    const junk = junkId(extraction, id, true)
    made =
      junk === null
        ? makeIdentifier(extraction, type.name, scope.suffix, id)
        : refuse(type.name, junk)
    scope.declared.set(name, made)
  }
  return made
}

/** Where a path begins. Properties speak of their sender in acts only; a group's traits are the group's. */
function rootsOf(path: DeclaredPath, event: Event, named: boolean): readonly Fields[] {
  if (path.root === 'context') return [event.context]
  if (path.root === 'properties') return named ? [event.properties] : []
  const described = fieldsAt(event.context, 'traits')
  return event.type === 'group' ? [described] : [event.traits, described]
}

function valueAt(root: Fields, steps: readonly string[]): unknown {
  let value: unknown = root
  for (const step of steps) {
    if (!isFields(value) || !Object.hasOwn(value, step)) return undefined
    value = value[step]
  }
  return value
}

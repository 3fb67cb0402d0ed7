// External ids: a person's id in somebody's system, apart by namespace. A `userId` has the namespace of its site's users.
// Invariant: a namespace holds no capitals, space, ":" or "@", so it can be written down and cannot name a site.

import type { Extraction, Scope, SiteRule } from './extraction.ts'
import { hideContacts, idText } from './id-text.ts'
import { junkId } from './junk.ts'
import { makeIdentifier, refuse, type Made } from './made.ts'

const NAMESPACE_CHARACTERS_MAX = 64

/** The `userId` of a message of the site. */
export function userIdOf(extraction: Extraction, site: SiteRule, raw: string): Made {
  return idInNamespace(extraction, site.scope, site.userNamespace, raw)
}

/** An id of `context.externalIds[]`; `type` becomes its namespace. */
export function externalIdOf(
  extraction: Extraction,
  scope: Scope,
  type: string,
  raw: string,
): Made {
  // An address as a namespace becomes a mark, which is too long for one, and is refused.
  const namespace = namespaceOf(hideContacts(extraction, type))
  if (namespace === null) return refuse('external_id', 'malformed')
  return idInNamespace(extraction, scope, namespace + scope.suffix, raw)
}

/** The namespace a type name stands for; null when nothing of it is left or it is too long. */
export function namespaceOf(type: string): string | null {
  const namespace = type
    .trim()
    .toLowerCase()
    .replaceAll(/[\s:@\p{Cc}]+/gu, '_')
  return namespace === '' || namespace.length > NAMESPACE_CHARACTERS_MAX ? null : namespace
}

/** An id in a namespace as identifiers carry it, the site included. */
export function idInNamespace(
  extraction: Extraction,
  scope: Scope,
  namespace: string,
  raw: string,
): Made {
  // A namespace holds no control character, so the two parts cannot run into each other.
  const name = `${namespace}\u001f${raw}`
  let made = scope.externalIds.get(name)
  if (made === undefined) {
    scope.externalIds.set(name, (made = makeExternalId(extraction, namespace, raw)))
  }
  return made
}

function makeExternalId(extraction: Extraction, namespace: string, raw: string): Made {
  const id = idText(extraction, raw)
  const junk = junkId(extraction, id, true)
  if (junk !== null) return refuse('external_id', junk)
  return makeIdentifier(extraction, 'external_id', namespace, id)
}

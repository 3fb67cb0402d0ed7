// Which identifiers a text may be that somebody typed or pasted: one with its type, or a bare value of any type.

import { type Extraction, type Identifier, parseIdentifierText } from '../../core/index.ts'
import { UNIQUE_NAMESPACES } from '../../core/policy/defaults.ts'

/** A text is tried as so many identifiers at most; there is one for each namespace and site. */
export const MEANINGS_MAX = 200

/** Without those that it cannot be; each once. */
export function identifiersMeant(extraction: Extraction, text: string): readonly Identifier[] {
  // `crm:17` is an external id without its type.
  const external = text.includes(':') ? [`external_id:${text}`] : []
  const texts = [text, ...external, ...asEachType(extraction, text)].slice(0, MEANINGS_MAX)
  const found = texts.flatMap((one) => {
    const parsed = parseIdentifierText(extraction, one)
    return parsed.ok ? [[parsed.identifier.key, parsed.identifier] as const] : []
  })
  return [...new Map(found).values()]
}

function asEachType(extraction: Extraction, value: string): readonly string[] {
  const scopes = new Set([...extraction.sites.values()].map(({ scope }) => scope.suffix))
  const contacts = [
    ...(value.includes('@') ? ['email'] : []),
    ...(/^[+\d]/.test(value) ? ['phone'] : []),
  ]
  const types = [...contacts, 'cookie', ...extraction.declaredTypes.map(({ name }) => name)]
  return [
    ...[...scopes].flatMap((scope) => types.map((type) => `${type}${scope}:${value}`)),
    ...namespacesOf(extraction, scopes).map((namespace) => `external_id:${namespace}:${value}`),
  ]
}

/** Those that are configured or known anyway, on their own and as each site has them that keeps to itself. */
function namespacesOf(
  { settings, sites }: Extraction,
  scopes: ReadonlySet<string>,
): readonly string[] {
  const users = [...sites.values()].map(({ userNamespace }) => userNamespace)
  const named = [...UNIQUE_NAMESPACES, ...Object.keys(settings.namespaces)]
  const scoped = [...scopes].flatMap((scope) => named.map((namespace) => namespace + scope))
  return [...new Set([...users, ...scoped])]
}

// Identifier types of the configuration, with the paths where a message carries them taken apart once.

import type { Settings } from '../policy/settings-shape.ts'

type Setting = Settings['identifierTypes'][string]

/** One place in a message: `traits` stands for the traits and for `context.traits`. */
export interface DeclaredPath {
  readonly root: 'traits' | 'context' | 'properties'
  readonly steps: readonly string[]
}

export interface DeclaredType {
  readonly name: string
  readonly role: Setting['role']
  /** Kind of the edge from the cookie; witnesses are `same_session`. */
  readonly edge: Setting['edge']
  readonly lower: boolean
  readonly paths: readonly DeclaredPath[]
}

export function declaredTypes(settings: Settings): readonly DeclaredType[] {
  const types = Object.entries(settings.identifierTypes).map(([name, setting]) => ({
    name,
    role: setting.role,
    edge: setting.edge,
    lower: setting.normalise === 'lower',
    paths: setting.from.map(pathOf),
  }))
  return types.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function pathOf(text: string): DeclaredPath {
  const [root, ...steps] = text.split('.')
  if (root === 'traits' || root === 'properties') return { root, steps }
  return { root: 'context', steps }
}

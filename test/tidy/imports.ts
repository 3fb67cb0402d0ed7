// Who may know whom: the direction of imports that the compiler's walls do not see.
// STATIONS is law and documentation: the order in which data passes the folders of the core.
import { posix } from 'node:path'

import { codeLines, isSource, problem, type Problem, type RepoFile } from './file.ts'

export const STATIONS = [
  'policy',
  'event',
  'identifier',
  'edge',
  'evidence',
  'profile',
  'golden',
  'review',
] as const

const LAYERS_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  simulator: ['simulator'],
  evaluation: ['core', 'evaluation'],
  ports: ['core', 'ports'],
  batch: ['core', 'ports', 'batch'],
  flows: ['core', 'ports', 'batch', 'flows'],
  adapters: ['core', 'ports', 'adapters'],
  apps: ['core', 'simulator', 'evaluation', 'ports', 'batch', 'flows', 'adapters', 'apps'],
}

/** Packages that compute only. A package that brings Node types would open the wall of its layer. */
const PURE_PACKAGES = ['ipaddr.js', 'libphonenumber-js', 'tldts', 'zod']

const IMPORT = /(?:\bfrom\s+|\bimport\s*\(?\s*)(['"])([^'"]+)\1/g

/** The parts of a path below src/: layer first, then station or technology. */
const partsOf = (path: string): readonly string[] => path.split('/').slice(1)

/** The rooms of the console, as what is shown comes about: each may know those before it. */
const ROOMS = ['state', 'parts', 'views'] as const

const isOfConsole = (path: string): boolean => /^console\/src\/.*(?<!\.test)\.tsx?$/.test(path)

/** Every import of a source file that points the wrong way. */
export function importProblems(file: RepoFile): Problem[] {
  const { path } = file
  if (!isSource(path) && !isOfConsole(path)) return []
  return codeLines(file).flatMap((line, index) =>
    [...line.matchAll(IMPORT)].flatMap(([, , specifier = '']) => {
      const to = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null
      const wrong = isOfConsole(path) ? wrongRoom(path, to) : wrongImport(path, to, specifier)
      return wrong === undefined ? [] : [problem(file, index + 1, ...wrong)]
    }),
  )
}

function wrongImport(from: string, to: string | null, specifier: string): Wrong {
  return to === null ? wrongPackage(from, specifier) : wrongFolder(from, to)
}

function wrongRoom(from: string, to: string | null): Wrong {
  if (to === null) return undefined
  if (!to.startsWith('console/src/'))
    return [`the console imports ${to}`, 'ask the API by `selfsame/client`']
  const [at, there] = [from, to].map((path) =>
    ROOMS.findIndex((room) => room === path.split('/')[2]),
  )
  if (at === undefined || there === undefined || at < 0 || (there >= 0 && there <= at))
    return undefined
  return [`${ROOMS[at]} imports ${to}`, 'pass it in, or move it to an earlier room']
}

type Wrong = readonly [fact: string, instead: string] | undefined

function wrongFolder(from: string, to: string): Wrong {
  const [layer = '', place = ''] = partsOf(from)
  const [toLayer = '', toPlace = ''] = partsOf(to)
  const allowed = LAYERS_ALLOWED[layer]
  if (allowed === undefined) {
    return [`src/${layer} is no known layer`, 'put the file into one of the layers']
  }
  if (!to.startsWith('src/') || !allowed.includes(toLayer)) {
    return [`${layer} imports ${to}`, `${layer} may know ${allowed.join(', ')}; join them in apps`]
  }
  if (layer === 'adapters' && toLayer === 'adapters' && place !== toPlace) {
    return [`adapter ${place} imports adapter ${toPlace}`, 'speak through a port, join in apps']
  }
  return layer === 'core' ? laterStation(place, toPlace) : undefined
}

function laterStation(place: string, toPlace: string): Wrong {
  if (place === 'index.ts') return undefined
  const [at, to] = [place, toPlace].map((name) => STATIONS.findIndex((one) => one === name))
  if (at === undefined || to === undefined || at < 0 || to < 0) {
    return [`core/${place} imports core/${toPlace}`, `a station is one of ${STATIONS.join(', ')}`]
  }
  if (to <= at) return undefined
  return [`station ${place} imports the later ${toPlace}`, 'pass the value in, or move the type']
}

function wrongPackage(from: string, specifier: string): Wrong {
  const [layer = ''] = partsOf(from)
  if (layer === 'adapters' || layer === 'apps') return undefined
  const name = specifier.split('/')[0] ?? ''
  if (PURE_PACKAGES.includes(name)) return undefined
  return [
    `${layer} imports ${specifier}`,
    `a port, or a pure package (${PURE_PACKAGES.join(', ')})`,
  ]
}

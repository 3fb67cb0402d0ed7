// The path of an explanation in the order in which one walks it, and what is between whom.
// Invariant: each link begins where the one before it ended, whichever way its edge points.

import type { ExplanationAnswer } from 'selfsame/client'

export type PathEdge = ExplanationAnswer['path'][number]

export interface Link {
  readonly edge: PathEdge
  /** Where it leads, seen from the beginning of the chain. */
  readonly to: string
  /** Of several. */
  readonly isWeakest: boolean
}

export interface Chain {
  readonly start: string
  readonly links: readonly Link[]
}

/** Null where nothing is between the two. */
export function chainOf({
  a,
  path,
  weakest,
}: Pick<ExplanationAnswer, 'a' | 'path' | 'weakest'>): Chain | null {
  const [first, second] = path
  if (first === undefined) return null
  const start = startOf(a, first, second)
  let here = start
  const links = path.map((edge, at): Link => {
    here = edge.from === here ? edge.to : edge.from
    return { edge, to: here, isWeakest: path.length > 1 && at === weakest }
  })
  return { start, links }
}

/** The end that is asked about; else the one that the second edge does not touch. */
function startOf(a: string, first: PathEdge, second: PathEdge | undefined): string {
  if (first.from === a || first.to === a || second === undefined)
    return first.to === a ? a : first.from
  return second.from === first.from || second.to === first.from ? first.to : first.from
}

/** What would become of the profile without the edge, in words; null where that is not known. */
export function withoutWords({ without_it: parts }: Pick<PathEdge, 'without_it'>): string | null {
  if (parts.length === 0) return null
  if (parts.length === 1) return 'without it the profile would hold all the same'
  return `without it the profile would fall into ${parts.length} parts, of ${listed(parts)} identifiers`
}

/** `33 and 9`, `4, 2 and 1`. */
function listed(parts: readonly number[]): string {
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? 0}`
}

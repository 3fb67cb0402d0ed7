// Profile ids: derived from the founding member, kept by overlap, given way on a merge, taken back on a split.
// Invariant: two live profiles never hold the same id, and an id once given out always leads somewhere.

import type { Digest, Key } from '../identifier/identifier.ts'
import type { Pass } from './view/neighbours.ts'
import type { ProfileRecord } from './view/records.ts'
import type { ViewNode } from './view/view.ts'

/** Derives ids from members' keys under an account's secret: a mark, then the beginning of a digest of three texts. */
export interface MintId {
  (founder: Key, attempt: number): string
  /** The first of them, as secret as the account's secret; then come the founder's key and the number of the attempt. */
  readonly prefix: string
}

export const ID_MARK = 'prf_'
export const ID_CHARACTERS = 20
/** Attempts before giving up; one is used up whenever a founder's earlier id is still in use elsewhere. */
export const MINT_ATTEMPTS_MAX = 1_000

export function mintWith(digest: Digest, secret: string): MintId {
  const prefix = digest(secret)
  const mint = (founder: Key, attempt: number): string =>
    `${ID_MARK}${digest(`${prefix}${founder}${attempt}`).slice(0, ID_CHARACTERS)}`
  return Object.assign(mint, { prefix })
}

/** One profile as decided: the members it shall have. */
export interface Decided {
  readonly nodes: readonly ViewNode[]
}

export interface Founder {
  readonly key: Key
  readonly at: number
}

/** The member that was received first; ties by key. */
export function founderOf(nodes: readonly ViewNode[]): Founder {
  let founder: Founder | undefined
  for (const { key, receivedAt: at } of nodes) {
    if (founder === undefined || at < founder.at || (at === founder.at && key < founder.key))
      founder = { key, at }
  }
  if (founder === undefined) throw new Error('a profile without members')
  return founder
}

/**
 * An id for each decided profile. An old profile's id goes to where most of its members went; where several old
 * profiles meet, the oldest founding survives, an id that the founder once lost to a larger part before all others.
 * What is left takes its founder's own id, even one that had been redirected. Ids whose use is unknown are noted in
 * `unknownIds`; the answer is then not final.
 */
export function assignIds(
  pass: Pass,
  decided: readonly Decided[],
  mint: MintId,
  unknownIds: Set<string>,
): readonly string[] {
  const heirs = heirsOf(decided, mint)
  const olds = decided.map((): string[] => [])
  for (const [old, heir] of heirs) olds[heir]?.push(old)
  const ids = olds.map((met, i) => survivor(pass, met, decided[i]?.nodes ?? [], mint))
  const taken = new Set(ids.filter((id) => id !== undefined))
  return decided.map(({ nodes }, i) => {
    const id =
      ids[i] ?? freshId(pass, founderOf(nodes), mint, taken, unknownIds, new Set(heirs.keys()))
    taken.add(id)
    return id
  })
}

/** Which of the old profiles that meet lends its id; undefined when there is none. */
function survivor(
  pass: Pass,
  met: readonly string[],
  nodes: readonly ViewNode[],
  mint: MintId,
): string | undefined {
  if (met.length < 2) return met[0]
  const own = mint(founderOf(nodes).key, 0)
  return met.includes(own) ? own : met.toSorted((x, y) => older(pass, x, y))[0]
}

/**
 * Old profile -> index of the decided profile that holds most of its members. Ties to the one that founded it, so that
 * two who were glued get both their ids back; else to the one with the smaller founder key.
 */
function heirsOf(decided: readonly Decided[], mint: MintId): Map<string, number> {
  const overlap = new Map<string, Map<number, number>>()
  decided.forEach(({ nodes }, i) => {
    for (const { profile } of nodes) {
      if (profile === '') continue
      const counts = overlap.get(profile) ?? new Map<number, number>()
      overlap.set(profile, counts.set(i, (counts.get(i) ?? 0) + 1))
    }
  })
  const heirs = new Map<string, number>()
  for (const [old, counts] of overlap) {
    const best = [...counts].toSorted(([i, x], [j, y]) => {
      if (x !== y) return y - x
      const [a, b] = [
        founderOf(decided[i]?.nodes ?? []).key,
        founderOf(decided[j]?.nodes ?? []).key,
      ]
      if (mint(a, 0) === old) return -1
      if (mint(b, 0) === old) return 1
      return a < b ? -1 : 1
    })[0]
    if (best !== undefined) heirs.set(old, best[0])
  }
  return heirs
}

function older(pass: Pass, x: string, y: string): number {
  const [a, b] = [pass.view.profiles.get(x), pass.view.profiles.get(y)]
  const at = (a?.foundedAt ?? 0) - (b?.foundedAt ?? 0)
  if (at !== 0) return at
  return (a?.founder ?? x) < (b?.founder ?? y) ? -1 : 1
}

function freshId(
  pass: Pass,
  founder: Founder,
  mint: MintId,
  taken: ReadonlySet<string>,
  unknownIds: Set<string>,
  givingWay: ReadonlySet<string>,
): string {
  for (let attempt = 0; attempt < MINT_ATTEMPTS_MAX; attempt++) {
    const id = mint(founder.key, attempt)
    if (taken.has(id)) continue
    const known = pass.view.profiles.get(id)
    // The first id of a new member was asked for before it was decided.
    const asked = attempt === 0 && pass.view.node(founder.key)?.version === 0
    if (known === undefined && !asked) unknownIds.add(id)
    if (givingWay.has(id) || free(known)) return id
  }
  throw new Error(`no free profile id for ${founder.key}`)
}

/** Never given out, or only redirecting. */
function free(known: ProfileRecord | null | undefined): boolean {
  return known === undefined || known === null || known.redirect !== null
}

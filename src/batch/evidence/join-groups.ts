// Stage B on arrays, where no guard can have a say: groups that are each other's most alike are made one, round by round.
// Invariant: joins as `stageB` does; the order of pairs is of no matter.

/** Pairs of cookies worth joining, by the groups they are in. */
export interface AlikeGroups {
  /** The smallest member of a group. */
  readonly a: Int32Array
  readonly b: Int32Array
  readonly evidence: Int32Array
}

export interface Joined {
  /** By node that names a group: the group it is in now; by any other node nothing. */
  readonly home: Int32Array
  /** By node that names a joined group: evidence of the weakest join in it; 0 for none. */
  readonly weakest: Int32Array
}

/** `nodes`: all groups are named by numbers below. */
export function joinGroups(pairs: AlikeGroups, nodes: number, roundsMax: number): Joined {
  const home = new Int32Array(nodes)
  for (let i = 0; i < nodes; i++) home[i] = i
  const weakest = new Int32Array(nodes)
  const groups = new Set<number>([...pairs.a, ...pairs.b])
  const best = new Int32Array(nodes)
  const evidence = new Int32Array(nodes)
  for (let round = 0; round < roundsMax; round++) {
    for (const group of groups) evidence[home[group] ?? 0] = -1
    findBest(pairs, home, best, evidence)
    const into = new Map<number, number>()
    for (const group of groups) {
      const x = home[group] ?? 0
      const y = best[x] ?? 0
      if (x >= y || (evidence[x] ?? -1) < 0 || best[y] !== x) continue
      into.set(y, x)
      const held = [weakest[x] ?? 0, weakest[y] ?? 0, evidence[x] ?? 0].filter((one) => one > 0)
      weakest[x] = Math.min(...held)
    }
    if (into.size === 0) break
    for (const group of groups) home[group] = into.get(home[group] ?? 0) ?? home[group] ?? 0
  }
  return { home, weakest }
}

/** Of each group the most alike, ties to the smaller number; `evidence` −1 where there is none. */
function findBest(
  { a, b, evidence: found }: AlikeGroups,
  home: Int32Array,
  best: Int32Array,
  evidence: Int32Array,
): void {
  const offer = (to: number, other: number, worth: number): void => {
    const known = evidence[to] ?? -1
    if (worth < known || (worth === known && other >= (best[to] ?? 0))) return
    evidence[to] = worth
    best[to] = other
  }
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [home[a[i] ?? 0] ?? 0, home[b[i] ?? 0] ?? 0]
    if (x === y) continue
    offer(x, y, found[i] ?? 0)
    offer(y, x, found[i] ?? 0)
  }
}

// Who was seen with which witness on which day, as arrays: what everything about alike cookies is computed from.

/** In the order of witness, day and cookie; a row each of these. All nodes are numbers below `nodes`. */
export interface Sightings {
  readonly witness: Int32Array
  readonly day: Int32Array
  readonly cookie: Int32Array
  /** Mask of 24 bits. */
  readonly hours: Int32Array
}

/** Where the entries of each witness begin and end: `until[i]` is where those of the i-th end. */
export interface Slices {
  readonly witness: Int32Array
  readonly until: Int32Array
}

export function slicesOf({ witness }: Sightings): Slices {
  const names: number[] = []
  const ends: number[] = []
  for (let from = 0; from < witness.length;) {
    const name = witness[from] ?? 0
    let until = from + 1
    while (witness[until] === name) until++
    names.push(name)
    ends.push(until)
    from = until
  }
  return { witness: Int32Array.from(names), until: Int32Array.from(ends) }
}

/** What a node is, as far as weighing goes. */
export const WITNESS = { none: 0, ip: 1, whole: 2, partial: 3 } as const

/** Lists of numbers by number, one behind the other. */
export interface Lists {
  readonly until: Int32Array
  readonly values: Int32Array
}

/** The different signatures of each cookie. `kinds`: by node, as in `WITNESS`. */
export function signaturesOf(sightings: Sightings, kinds: Uint8Array, nodes: number): Lists {
  const { witness, cookie } = sightings
  const until = new Int32Array(nodes)
  const last = new Int32Array(nodes).fill(-1)
  const each = (take: (cookie: number, signature: number) => void): void => {
    last.fill(-1)
    for (let i = 0; i < witness.length; i++) {
      const [signature, of] = [witness[i] ?? 0, cookie[i] ?? 0]
      if ((kinds[signature] ?? 0) < WITNESS.whole || last[of] === signature) continue
      last[of] = signature
      take(of, signature)
    }
  }
  each((of) => (until[of] = (until[of] ?? 0) + 1))
  let sum = 0
  for (let node = 0; node < nodes; node++) {
    const count = until[node] ?? 0
    until[node] = sum
    sum += count
  }
  const values = new Int32Array(sum)
  each((of, signature) => {
    const at = until[of] ?? 0
    values[at] = signature
    until[of] = at + 1
  })
  return { until, values }
}

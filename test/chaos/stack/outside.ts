// What somebody outside makes of the topic of changes: of each profile only what is above the epoch and revision it has.
// Invariant: two things that were told of one revision, and revisions that nobody was told of, are noted as wrong.
import type { PublishedChange } from '../../../src/ports/change-topics.ts'

interface Known {
  readonly epoch: string
  readonly revision: number
}

export class OutsideView {
  /** By profile, the latest. */
  readonly latest = new Map<string, Known>()
  /** What was told, but for the epoch: of each profile every revision. */
  readonly told = new Set<string>()
  readonly #texts = new Map<string, string>()
  readonly #doubled: string[] = []
  readonly #gaps: { readonly profile: string; readonly count: number; readonly words: string }[] =
    []
  /** By id, what it gave way to: that is a revision of it, and is told with the other profile. */
  readonly #gaveWay = new Map<string, Set<string>>()

  /** In the order of the profile's partition. */
  take(change: PublishedChange): void {
    const { profile, epoch, revision, from } = change
    const text = textOf(change)
    const name = `${profile} ${revision} ${epoch}`
    if ((this.#texts.get(name) ?? text) !== text) this.#doubled.push(`${name} is two things`)
    this.#texts.set(name, text)
    this.told.add(text)
    for (const id of from) this.#gaveWay.set(id, (this.#gaveWay.get(id) ?? new Set()).add(text))
    const known = this.latest.get(profile)
    if (known?.epoch === epoch && revision <= known.revision) return
    if (known !== undefined && epoch < known.epoch) return
    const count = revision - (known?.revision ?? 0) - 1
    const words = `${name} follows on ${known?.revision ?? 0} ${known?.epoch ?? ''}`
    if (count > 0) this.#gaps.push({ profile, count, words })
    this.latest.set(profile, { epoch, revision })
  }

  /** In words, with all that was told of the profile. */
  wrong(): readonly string[] {
    const gaps = this.#gaps.filter(
      ({ profile, count }) => count > (this.#gaveWay.get(profile)?.size ?? 0),
    )
    const wrong = [...this.#doubled, ...gaps.map(({ words }) => words)]
    const all = [...this.#texts].map(([name, text]) => `${name} ${text}`)
    return wrong.map((words) => {
      const [id = ''] = words.split(' ')
      return [words, ...all.filter((one) => one.includes(id))].join('\n')
    })
  }
}

/** Of the latest epoch the latest sequence. */
export function lastTold(changes: readonly PublishedChange[]): readonly [string, number] {
  const epoch = changes.reduce((last, one) => (one.epoch > last ? one.epoch : last), '')
  const sequences = changes.filter((one) => one.epoch === epoch).map(({ sequence }) => sequence)
  return [epoch, Math.max(0, ...sequences)]
}

export function textOf({
  profile,
  revision,
  event,
  from,
  at,
  reason,
}: Omit<PublishedChange, 'epoch' | 'sequence'>): string {
  return JSON.stringify([profile, revision, event, from, at, reason])
}

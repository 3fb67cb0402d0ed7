// A shared log as the rest knows a log: appended to by its sources, read from the archive that follows it.
// Invariant: what an append answers are places in the shared log; all else speaks of positions in the archive.

import type { ColumnarLog, ColumnsAsked, LogColumns } from '../../ports/columnar-log.ts'
import type {
  Appended,
  EventLog,
  LogRecord,
  Place,
  Position,
  StoredMessage,
  StoredRecord,
} from '../../ports/event-log.ts'
import type { Identifier } from '../../core/index.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { Placed, SharedLog } from '../../ports/shared-log.ts'
import { StoreError } from '../../ports/store-error.ts'
import type { Archived } from '../../flows/archive-log.ts'

/** The archive, as another process may be writing it. */
type Archive = Pick<EventLog, 'read' | 'messagesOf' | 'end' | 'close'> &
  ColumnarLog & { refresh(): Promise<void> }

export interface AccountLogParts {
  readonly shared: SharedLog
  readonly archive: Archive
  /** How far the archive is, as noted. */
  readonly archived: () => Promise<Archived>
  readonly store: Pick<IdentityStore, 'position'>
}

/** Sources that one process may append to: a place is a position and the number of its source. */
const SOURCES_MAX = 4_096
const REFRESH_EVERY_MS = 250
/** How long a sender may wait for the profiles of what was appended, ms, and how often it is looked. */
const APPLIED_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 4

export class AccountLog implements EventLog, ColumnarLog {
  readonly #parts: AccountLogParts
  readonly #sources: string[] = []
  readonly #refreshing: NodeJS.Timeout
  #settled: Position = 0
  #refresh: Promise<void> | null = null

  constructor(parts: AccountLogParts) {
    this.#parts = parts
    this.#refreshing = setInterval(
      () => void this.refresh().catch(() => undefined),
      REFRESH_EVERY_MS,
    ).unref()
  }

  /** Position in the archive up to which all is applied to the graph; as of the last refresh. */
  get settled(): Position {
    return this.#settled
  }

  async append(records: readonly LogRecord[]): Promise<Appended> {
    const hasDecisions = records.some(({ kind }) => kind === 'decision')
    const after = hasDecisions ? await this.#seen() : {}
    const placed = await this.#parts.shared.append(
      records.map((record) => (record.kind === 'decision' ? { ...record, after } : record)),
    )
    return placed.map((place) => this.#numberOf(place))
  }

  /** Waits until those who have their sources have applied what was appended at these places. @throws {StoreError} */
  async untilApplied(places: readonly Position[]): Promise<void> {
    const wanted = new Map<string, Position>()
    for (const place of places) {
      const source = this.#sources[place % SOURCES_MAX] ?? ''
      wanted.set(source, Math.max(wanted.get(source) ?? 0, Math.floor(place / SOURCES_MAX)))
    }
    const until = performance.now() + APPLIED_WITHIN_MS
    for (const [source, position] of wanted) {
      while ((await this.#parts.store.position(source)) < position) {
        if (performance.now() > until) throw notApplied()
        await new Promise<void>((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      }
    }
  }

  /** What the archive has got since, and what of it is applied. */
  async refresh(): Promise<void> {
    this.#refresh ??= this.#look().finally(() => {
      this.#refresh = null
    })
    await this.#refresh
  }

  async read(from: Position, limit: number): Promise<readonly StoredRecord[]> {
    return this.#parts.archive.read(from, limit)
  }

  async messagesOf(
    identifiers: readonly Identifier[],
    limit: number,
    before?: Place,
  ): Promise<readonly StoredMessage[]> {
    return this.#parts.archive.messagesOf(identifiers, limit, before)
  }

  async columns(asked: ColumnsAsked): Promise<readonly LogColumns[]> {
    return this.#parts.archive.columns(asked)
  }

  end(): Position {
    return this.#parts.archive.end()
  }

  async close(): Promise<void> {
    clearInterval(this.#refreshing)
    await this.#refresh?.catch(() => undefined)
    await this.#parts.shared.close()
    await this.#parts.archive.close()
  }

  async #look(): Promise<void> {
    const { archive, archived, store } = this.#parts
    await archive.refresh()
    const { end, sources } = await archived()
    if (end <= this.#settled) return
    for (const [source, position] of Object.entries(sources))
      if ((await store.position(source)) < position) return
    this.#settled = end
  }

  /** By source, what whoever decides now can have seen. */
  async #seen(): Promise<Readonly<Record<string, Position>>> {
    const seen: Record<string, Position> = {}
    for (const source of (await this.#parts.shared.ends()).keys()) {
      const position = await this.#parts.store.position(source)
      if (position > 0 && !source.startsWith('decisions')) seen[source] = position
    }
    return seen
  }

  #numberOf({ source, position }: Placed): Position {
    let number = this.#sources.indexOf(source)
    if (number < 0) number = this.#sources.push(source) - 1
    return position * SOURCES_MAX + number
  }
}

function notApplied(): StoreError {
  return new StoreError(
    'unavailable',
    `it is durable, but no processor has applied it within ${APPLIED_WITHIN_MS / 1_000} seconds; is \`selfsame process\` running?`,
    { retryable: true },
  )
}

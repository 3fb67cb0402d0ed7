// The batch runs of an account that is served: one at a time, asked for or at its hours; how it goes can be asked.
// Invariant: a run that fails or is stopped changes nothing but what it had confirmed or put right so far.

import type { Training } from '../../batch/learning/learn.ts'
import type { Drift } from '../../core/evidence/learned/drift.ts'
import type { Settings } from '../../core/index.ts'
import { publishesOtherwise, readsOtherwise } from '../../core/policy/compile-policy.ts'
import type { RunOutcome } from '../../flows/run-batch.ts'
import type { RunRow } from '../../flows/tell-history.ts'
import { StoreError } from '../../ports/store-error.ts'
import { stoppedWords } from '../account/active-rules.ts'
import type { Account } from '../account/account.ts'
import { readPastRuns } from './past-runs.ts'
import { learnAccount, runAccount, usualLimits } from './run-account.ts'

/** A stage of a run. */
interface StageTold {
  readonly name: string
  /** ms */
  readonly beganAt: number
  /** Both null while it is under way. */
  readonly rows: number | null
  readonly seconds: number | null
}

export interface RunStatus {
  readonly state: 'running' | 'done' | 'failed'
  readonly dryRun: boolean
  /** It only learns, and has no outcome. */
  readonly learn: boolean
  /** ms */
  readonly startedAt: number
  readonly stages: readonly StageTold[]
  readonly outcome: RunOutcome | null
  /** What it learned, or why not. */
  readonly training: Training | null
  readonly error: string | null
}

export interface RunAsked {
  readonly dryRun: boolean
  /** Only learns, by the active settings. */
  readonly learn?: boolean
  /** Null: the active ones. */
  readonly settings: Settings | null
}

const READS_AS_BEFORE =
  'the server goes on reading messages as before (sites, events, identifier types, contact fields …) until it is started again'
const PUBLISHED_ONCE =
  'golden records, conversions and credit of this configuration are in the tables of this run only: start the server with it, or its own runs publish by theirs'

const HOUR_MS = 3_600_000
const HOURS_A_DAY = 24
const LOOK_EVERY_MS = 60_000

/** Why stands in the status of the run: it may quote what messages say, and is not for logs. */
export class RunFailure extends Error {
  readonly account: string

  constructor(account: string, cause: unknown) {
    super(`a batch run of ${account} failed`, { cause })
    this.name = 'RunFailure'
    this.account = account
  }
}

/** New logins have contradicted what was learned; a run is begun that learns anew. */
export class ModelStopped extends Error {
  readonly account: string
  readonly drift: Drift

  constructor(account: string, drift: Drift) {
    super(stoppedWords(drift))
    this.name = 'ModelStopped'
    this.account = account
    this.drift = drift
  }
}

export class Runs {
  readonly #account: Account
  readonly #report: (cause: unknown) => void
  readonly #stop = new AbortController()
  readonly #looking: NodeJS.Timeout
  #status: RunStatus | null = null
  #running: Promise<void> | null = null
  /** The hour of the last scheduled run, in hours since the epoch. */
  #scheduled: number

  constructor(account: Account, report: (cause: unknown) => void) {
    this.#account = account
    this.#report = report
    this.#scheduled = hourOf(Date.now())
    this.#looking = setInterval(() => this.#look(Date.now()), LOOK_EVERY_MS).unref()
    account.whenStopped((drift) => {
      report(new ModelStopped(account.name, drift))
      this.#relearn()
    })
  }

  /** The latest run of this server; null before the first. */
  get latest(): RunStatus | null {
    return this.#status
  }

  /** Hours of the day, UTC, at which it begins runs by itself. */
  get atHours(): readonly number[] {
    return this.#account.active.settings.batch.atHours
  }

  /** Published runs, of other processes too. */
  past(): Promise<readonly RunRow[]> {
    return readPastRuns(this.#account.layout)
  }

  /** Begins a run; null while another one is under way. */
  start(asked: RunAsked): RunStatus | null {
    if (this.#running !== null) return null
    const startedAt = Date.now()
    this.#status = {
      state: 'running',
      dryRun: asked.dryRun,
      learn: asked.learn === true,
      startedAt,
      stages: [],
      outcome: null,
      training: null,
      error: null,
    }
    this.#running = this.#run(asked, startedAt).finally(() => {
      this.#running = null
      if (asked.dryRun) this.#relearn()
    })
    return this.#status
  }

  /** Ends the run that is under way. */
  async close(): Promise<void> {
    clearInterval(this.#looking)
    this.#stop.abort()
    await this.#running
  }

  /** A model that new logins contradict is learned anew; a run that is under way does so anyway. */
  #relearn(): void {
    const isStopped = this.#account.active.policy.knowledge?.stopped === true
    if (isStopped && !this.#stop.signal.aborted) this.start({ dryRun: false, settings: null })
  }

  async #run({ dryRun, learn, settings }: RunAsked, at: number): Promise<void> {
    const options = {
      ...usualLimits(),
      signal: this.#stop.signal,
      told: (stage: string, rows: number | null) => this.#told(stage, rows),
      at,
    }
    try {
      if (learn === true) {
        const training = await learnAccount(this.#account, options)
        this.#note({ state: 'done', training })
        return
      }
      const outcome = await runAccount(this.#account, {
        ...options,
        settings: settings ?? this.#account.active.settings,
        dryRun,
      })
      for (const notice of outcome.notices)
        this.#report(new StoreError('corrupt', notice, { retryable: false }))
      const notices = [...outcome.notices, ...this.#notKept(dryRun ? null : settings)]
      const { training } = outcome
      this.#note({ state: 'done', outcome: { ...outcome, notices }, training })
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause)
      this.#note({ state: 'failed', error: this.#stop.signal.aborted ? 'stopped' : error })
      if (!this.#stop.signal.aborted) this.#report(new RunFailure(this.#account.name, cause))
    }
  }

  /** What of a run's settings the server does not go by from now on. */
  #notKept(settings: Settings | null): readonly string[] {
    if (settings === null) return []
    const { active, extraction } = this.#account
    return [
      ...(readsOtherwise(extraction.settings, settings) ? [READS_AS_BEFORE] : []),
      ...(publishesOtherwise(active.settings, settings) ? [PUBLISHED_ONCE] : []),
    ]
  }

  #note(change: Partial<RunStatus>): void {
    if (this.#status !== null) this.#status = { ...this.#status, ...change }
  }

  #told(name: string, rows: number | null): void {
    const status = this.#status
    if (status === null) return
    const now = Date.now()
    const before = status.stages.filter((stage) => stage.name !== name)
    const beganAt = status.stages.find((stage) => stage.name === name)?.beganAt ?? now
    const seconds = rows === null ? null : (now - beganAt) / 1_000
    this.#note({ stages: [...before, { name, beganAt, rows, seconds }] })
  }

  #look(now: number): void {
    const hour = hourOf(now)
    if (hour === this.#scheduled) return
    this.#scheduled = hour
    if (this.atHours.includes(hour % HOURS_A_DAY)) this.start({ dryRun: false, settings: null })
    else this.#relearn()
  }
}

/** Hours since the epoch, UTC. */
function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS)
}

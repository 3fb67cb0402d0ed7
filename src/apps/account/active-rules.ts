// What an account decides by: its settings and what it has learned, and how a run changes them.
// Invariant: what is decided by is durable before anything is decided by it.

import { dirname } from 'node:path'

import type { LearnedFromLog } from '../../batch/learning/learn-from-log.ts'
import { compilePolicy, type Settings } from '../../core/index.ts'
import { type Drift, driftUnder } from '../../core/evidence/learned/drift.ts'
import { type Knowledge, stopped } from '../../core/policy/knowledge.ts'
import type { Resolver } from '../../flows/resolver.ts'
import type { EventLog, Position } from '../../ports/event-log.ts'
import { type ActivePolicy, following, markSettled, writeActivePolicy } from './active-policy.ts'
import { sha256 } from './digest.ts'
import { writeDrift } from './drift-file.ts'
import { type Learnt, readKnowledge, UNTIL_NEXT_RUN, writeKnowledge } from './knowledge-file.ts'
import type { AccountLayout } from './layout.ts'
import { makeDirectory } from './stores.ts'

/** What a run makes the account go by. */
export interface Activated {
  readonly settings: Settings
  /** Null: it has learned nothing, what is known stays. */
  readonly learned: LearnedFromLog | null
}

export interface RulesParts {
  readonly layout: AccountLayout
  readonly log: EventLog
  readonly active: ActivePolicy
  readonly notice: (line: string) => void
}

/** Of what was learned last, all but the model itself. */
export type LearnedLast = Omit<Learnt, 'knowledge'>

type Listener = (drift: Drift) => void

export class ActiveRules {
  readonly #parts: RulesParts
  readonly #listeners = new Set<Listener>()
  #active: ActivePolicy
  /** The drift as its file has it. */
  #learned: LearnedLast

  private constructor(parts: RulesParts, { knowledge, ...learned }: Learnt) {
    this.#parts = parts
    this.#active = knowing(parts.active, knowledge)
    this.#learned = learned
  }

  static async open(parts: RulesParts): Promise<ActiveRules> {
    const learnt = missing(parts.active, await readKnowledge(parts.layout))
    if (learnt.notice !== null) parts.notice(learnt.notice)
    await recordPolicy(parts.log, parts.active)
    const rules = new ActiveRules(parts, learnt)
    if (rules.#isStopped) parts.notice(stoppedWords(learnt.drift))
    else if (!rules.active.settled) parts.notice(UNSETTLED)
    return rules
  }

  get active(): ActivePolicy {
    return this.#active
  }

  get learned(): LearnedLast {
    return this.#learned
  }

  get #isStopped(): boolean {
    return this.#active.policy.knowledge?.stopped === true
  }

  /** Told whenever new logins have stopped a model; at once if they have already. */
  whenStopped(listener: Listener): void {
    this.#listeners.add(listener)
    if (this.#isStopped) listener(this.#learned.drift)
  }

  /** As `Account.activate`. */
  async activate(run: Activated, since: Position, resolver: Resolver): Promise<void> {
    const { layout, log } = this.#parts
    const { policy: before } = this.#active
    const settings = following(run.settings, this.#active.settings)
    const isOther = compilePolicy(settings, sha256).version !== before.version
    const knowledge = run.learned === null ? before.knowledge : run.learned.knowledge
    const known = settings.learned.use ? knowledge : null
    const decidesOtherwise = isOther || nameOf(known) !== nameOf(before.knowledge)
    if (decidesOtherwise) this.#active = await markSettled(layout.policyFile, this.#active, false)
    if (run.learned !== null) {
      await makeDirectory(dirname(layout.knowledgeFile))
      await writeKnowledge(layout, run.learned)
      const { training } = run.learned
      this.#learned = { training, notice: null, drift: driftUnder(known, null) }
    }
    if (isOther) {
      const recordOf = (version: string): string => `policy:${version}:${log.end()}`
      this.#active = await writeActivePolicy(layout.policyFile, settings, recordOf, false)
      await recordPolicy(log, this.#active)
    }
    this.#active = knowing(this.#active, known)
    if (decidesOtherwise) await resolver.decideBy(this.#active.policy, since)
  }

  /** As `Account.settle`. */
  async settle(): Promise<void> {
    if (!this.#isStopped)
      this.#active = await markSettled(this.#parts.layout.policyFile, this.#active, true)
  }

  /** Keeps what new logins have said; goes by a stopped model, as the resolver does already, once they contradict it. */
  async keep(drift: Drift): Promise<void> {
    const { layout, notice } = this.#parts
    const { version, upTo } = this.#learned.drift
    if (drift.upTo === upTo && drift.version === version) return
    const isCurrent = (): boolean => drift.version === this.#active.policy.knowledge?.version
    if (!isCurrent()) return
    await writeDrift(layout, drift)
    if (!isCurrent()) return
    this.#learned = { ...this.#learned, drift }
    if (!drift.stopped || this.#isStopped) return
    this.#active = { ...this.#active, policy: stopped(this.#active.policy) }
    // A model that joins nobody else leaves those joined whom it joined: that follows from no rebuild.
    this.#active = await markSettled(layout.policyFile, this.#active, false)
    notice(stoppedWords(drift))
    for (const listener of this.#listeners) listener(drift)
  }
}

const UNSETTLED =
  'not all profiles are decided yet by the active policy and what was learned last: run `selfsame resolve`'

/** What whoever keeps the installation should know. */
export function stoppedWords({ version, right, wrong }: Drift): string {
  return `new logins contradict model ${version} (${wrong} of ${right + wrong} cookies that it had joined turned out to be somebody else's): it joins nobody else until a run has learned anew`
}

/** By which two are the same. */
function nameOf(knowledge: Knowledge | null): string {
  return knowledge === null ? '' : `${knowledge.version} ${String(knowledge.stopped)}`
}

/**
 * The policy with what was learned, unless the settings are not to go by it. Where that is not what was decided by, not
 * everything is decided by it.
 */
export function knowing(active: ActivePolicy, knowledge: Knowledge | null): ActivePolicy {
  const used = active.settings.learned.use ? knowledge : null
  const { decidedBy } = active
  const isSame = decidedBy === undefined || decidedBy === (used?.version ?? null)
  return {
    ...active,
    policy: { ...active.policy, knowledge: used },
    settled: active.settled && isSame,
  }
}

/** What was learned, with a notice where there must have been more. */
export function missing({ decidedBy }: ActivePolicy, learnt: Learnt): Learnt {
  if (learnt.knowledge !== null || learnt.notice !== null) return learnt
  return decidedBy === undefined || decidedBy === null
    ? learnt
    : {
        ...learnt,
        notice: `what was learned last (model ${decidedBy}) is not there any more: ${UNTIL_NEXT_RUN}`,
      }
}

/**
 * The log says under which policy it began, and when that changed. What it has already it does not take twice: a crash
 * may have come between the file and the record.
 */
async function recordPolicy(
  log: EventLog,
  { policy, settings, record: id }: ActivePolicy,
): Promise<void> {
  const { version } = policy
  const decision = { type: 'policy', version, settings: JSON.stringify(settings) } as const
  await log.append([{ kind: 'decision', id, at: Date.now(), author: 'configuration', decision }])
}

// What an account decides by: its settings and what it has learned, and how a run changes them.
// Invariant: what is decided by is durable before anything is decided by it.

import { dirname } from 'node:path'

import type { LearnedFromLog } from '../../batch/learning/learn-from-log.ts'
import type { Training } from '../../batch/learning/learn.ts'
import { compilePolicy, type Settings } from '../../core/index.ts'
import type { Knowledge } from '../../core/policy/knowledge.ts'
import type { Resolver } from '../../flows/resolve-events.ts'
import type { EventLog, Position } from '../../ports/event-log.ts'
import { type ActivePolicy, following, settlePolicy, writeActivePolicy } from './active-policy.ts'
import { sha256 } from './digest.ts'
import { type Learnt, readKnowledge, writeKnowledge } from './knowledge-file.ts'
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

export class ActiveRules {
  readonly #parts: RulesParts
  #active: ActivePolicy
  #training: Training | null

  private constructor(parts: RulesParts, { knowledge, training }: Learnt) {
    this.#parts = parts
    this.#active = knowing(parts.active, knowledge)
    this.#training = training
  }

  static async open(parts: RulesParts): Promise<ActiveRules> {
    const learnt = await readKnowledge(parts.layout)
    if (learnt.notice !== null) parts.notice(learnt.notice)
    await recordPolicy(parts.log, parts.active)
    return new ActiveRules(parts, learnt)
  }

  get active(): ActivePolicy {
    return this.#active
  }

  get training(): Training | null {
    return this.#training
  }

  /** As `Account.activate`. */
  async activate(run: Activated, since: Position, resolver: Resolver): Promise<void> {
    const { layout, log } = this.#parts
    const before = this.#active.policy
    let { knowledge } = before
    if (run.learned !== null) {
      await makeDirectory(dirname(layout.knowledgeFile))
      await writeKnowledge(layout, run.learned)
      knowledge = run.learned.knowledge
      this.#training = run.learned.training
    }
    const settings = following(run.settings, this.#active.settings)
    if (compilePolicy(settings, sha256).version !== before.version) {
      const recordOf = (version: string): string => `policy:${version}:${log.end()}`
      this.#active = await writeActivePolicy(layout.policyFile, settings, recordOf, false)
      await recordPolicy(log, this.#active)
    }
    this.#active = knowing(this.#active, knowledge)
    const { policy } = this.#active
    const knowsOtherwise = policy.knowledge?.version !== before.knowledge?.version
    if (policy.version !== before.version || knowsOtherwise) await resolver.decideBy(policy, since)
  }

  /** As `Account.settle`. */
  async settle(): Promise<void> {
    if (this.#active.settled) return
    const { knowledge } = this.#active.policy
    this.#active = knowing(
      await settlePolicy(this.#parts.layout.policyFile, this.#active),
      knowledge,
    )
  }
}

/** The policy with what was learned, unless the settings are not to go by it. */
export function knowing(active: ActivePolicy, knowledge: Knowledge | null): ActivePolicy {
  const used = active.settings.learned.use ? knowledge : null
  return { ...active, policy: { ...active.policy, knowledge: used } }
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

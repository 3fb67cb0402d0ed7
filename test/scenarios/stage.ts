// A scenario's rows made ready to play: messages as facts, decrees as records of a log, all under one policy.

import type { Fact } from '../../src/core/edge/fact.ts'
import { factOf } from '../../src/core/edge/fact-of.ts'
import { parseEvent } from '../../src/core/event/parse-event.ts'
import { createExtraction, type Extraction } from '../../src/core/identifier/extraction.ts'
import { compilePolicy } from '../../src/core/policy/compile-policy.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import type { DatedDecree, Decree } from '../../src/core/profile/apply-decree.ts'
import { settingsOf, sha256 } from '../extraction.ts'
import type { Decreed } from './decrees.ts'
import type { Sent } from './messages.ts'
import { type Names, newNames } from './names.ts'
import type { Row } from './scenario.ts'

export interface Step {
  readonly when: string
  readonly facts: readonly Fact[]
  /** How the facts are told: each batch is decided as a whole. */
  readonly batches: readonly (readonly Fact[])[]
  readonly decreed: Decreed | null
  readonly dated: DatedDecree | null
}

export interface Stage {
  readonly policy: Policy
  readonly extraction: Extraction
  readonly names: Names
  readonly steps: readonly Step[]
  readonly facts: readonly Fact[]
}

const DAY_ONE = Date.UTC(2026, 0, 1)

/** `day 3 14:05`, ms since the epoch. */
function instantOf(when: string): number {
  const [, day, hour, minute] = /^day (\d+) (\d\d):(\d\d)$/.exec(when) ?? []
  if (day === undefined) throw new Error(`"${when}" is no time like "day 3 14:05"`)
  return DAY_ONE + ((Number(day) - 1) * 24 + Number(hour)) * 3_600_000 + Number(minute) * 60_000
}

export function stage(rows: readonly Row[], json: unknown): Stage {
  const settings = settingsOf(json)
  const extraction = createExtraction(settings, sha256)
  const names = newNames(extraction)
  for (const [, , , profiles] of rows) {
    const members = profiles.replaceAll(/#\S+:|each |\|/g, ' ')
    names.keysOf(members)
  }
  const decrees = new Map<string, Decree>()
  const steps = rows.map(([when, , act], order): Step => {
    const at = instantOf(when)
    if (!isDecreed(act)) {
      const all = 'raw' in act ? [act] : act
      const facts = all.map((sent, n) => factFrom(extraction, sent, at + n, `m${order}.${n}`))
      return { when, facts, batches: facts.map((fact) => [fact]), decreed: null, dated: null }
    }
    const decree = act.decree(names.keysOf, (called) => decrees.get(called))
    decrees.set(act.called, decree)
    const dated = { id: act.called, at, author: 'sam', order, decree }
    return { when, facts: [], batches: [], decreed: act, dated }
  })
  const facts = steps.flatMap((step) => step.facts)
  return { policy: compilePolicy(settings, sha256), extraction, names, steps, facts }
}

function isDecreed(act: Row[2]): act is Decreed {
  return 'decree' in act
}

/** A message received at the very moment it was sent, through the real parser and extraction. */
export function factFrom(extraction: Extraction, sent: Sent, at: number, id: string): Fact {
  const raw = { messageId: id, timestamp: new Date(at).toISOString(), ...sent.raw }
  const parsed = parseEvent(raw, { receivedAt: at, historical: false, site: sent.site }, sha256)
  if (!parsed.ok) throw new Error(`${parsed.reason}: ${parsed.detail}`)
  return factOf(parsed.event, extraction).fact
}

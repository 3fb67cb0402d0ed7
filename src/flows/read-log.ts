// The log as a batch reads it: columns, parted where a decision cuts it, and the decisions that stand.

import { standingOf, type Standing } from '../batch/decrees.ts'
import { inStage, type Told } from '../batch/stage.ts'
import { type DecisionRow, DECISIONS_SQL, decidedOf } from '../batch/stages/decisions.ts'
import type { BatchEngine } from '../ports/batch-engine.ts'
import type { LogColumns } from '../ports/columnar-log.ts'
import type { Position } from '../ports/event-log.ts'

export interface LogParts {
  readonly engine: BatchEngine
  /** The log up to where it is read, as columns, parted at the cuts. */
  readonly columns: (cuts: readonly Position[]) => Promise<readonly LogColumns[]>
  readonly told: Told
}

export interface LogRead {
  readonly columns: readonly LogColumns[]
  readonly standing: Standing
}

/** @throws StageError */
export async function readLog({ engine, columns, told }: LogParts): Promise<LogRead> {
  told('log', null)
  return inStage('log', null, async () => {
    const whole = await columns([])
    const events = whole.map((part) => part.events)
    const rows = await engine.rows<DecisionRow>(DECISIONS_SQL(engine.dialect, events))
    const standing = standingOf(rows.map(decidedOf))
    told('log', whole.at(-1)?.last ?? 0)
    return { columns: standing.cuts.length === 0 ? whole : await columns(standing.cuts), standing }
  })
}

// A stage of a run: a table made of tables. Invariant: a stage reads only tables of stages before it.

import type { BatchEngine, Dialect } from '../ports/batch-engine.ts'

export interface Stage {
  /** Names the stage and its table. */
  readonly name: string
  readonly sql: (dialect: Dialect) => string
}

/** Told when a stage begins (rows null) and when it is done. */
export type Told = (stage: string, rows: number | null) => void

/** Nobody is told. */
export const quiet: Told = () => undefined

/** A stage failed: which, its SQL (null where it is more than one statement), and why. */
export class StageError extends Error {
  readonly stage: string
  readonly sql: string | null

  constructor(stage: string, sql: string | null, cause: unknown) {
    super(`stage "${stage}" failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
    this.name = 'StageError'
    this.stage = stage
    this.sql = sql
  }
}

export async function makeStages(
  engine: BatchEngine,
  stages: readonly Stage[],
  told: Told,
): Promise<void> {
  for (const { name, sql } of stages) {
    const text = sql(engine.dialect)
    told(name, null)
    told(name, await inStage(name, text, () => engine.make(name, text)))
  }
}

/** Does a piece of a stage; what fails in it says of which. */
export async function inStage<T>(
  name: string,
  sql: string | null,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw cause instanceof StageError ? cause : new StageError(name, sql, cause)
  }
}

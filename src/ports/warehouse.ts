// What is published: the tables of every batch run, each run whole or not at all.
// Invariant: a run that readers may see is never changed; a crash at any instant leaves the former run or the new one.

export interface Warehouse {
  /** The run that readers see; null before the first. @throws StoreError */
  current(): Promise<number | null>
  /** The directory of a published run: a directory a table, in it files of Parquet. */
  directoryOf(run: number): string
  /**
   * An empty directory for the tables of a run, seen by nobody until it is published. Its number is one more than the
   * highest that was ever given. What an interrupted run left is removed, so there is one writer at a time.
   * @throws StoreError
   */
  begin(): Promise<Draft>
  /** Makes the draft the run that readers see, durably and at once; of the runs before it the latest stay. @throws StoreError */
  publish(draft: Draft): Promise<void>
  /** Removes a draft. @throws StoreError */
  discard(draft: Draft): Promise<void>
}

export interface Draft {
  readonly run: number
  readonly directory: string
  /** Where the files of a table go; made when it is first asked for. */
  directoryOf(table: string): string
}

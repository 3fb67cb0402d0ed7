// All open questions of a live graph, page by page.

import type { QuestionRecord } from '../core/profile/records.ts'

export interface Questioned {
  /** Open questions as they are stored, in the order of their ids, in pages. */
  questions(after: string, limit: number): Promise<readonly QuestionRecord[]>
}

const QUESTIONS_AT_ONCE = 10_000

/** In the order of their ids. */
export async function* openQuestions(live: Questioned): AsyncGenerator<QuestionRecord, undefined> {
  for (let after = ''; ;) {
    const page = await live.questions(after, QUESTIONS_AT_ONCE)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return undefined
    after = last.id
  }
}

// All open questions of a live graph, page by page.

import type { QuestionRecord } from '../core/profile/view/records.ts'
import type { QuestionPlace } from '../ports/identity-store.ts'

export interface Questioned {
  /** Open questions as they are stored, those of the highest worth first, in pages. */
  questions(after: QuestionPlace | null, limit: number): Promise<readonly QuestionRecord[]>
}

const QUESTIONS_AT_ONCE = 10_000

/** Those of the highest worth first. */
export async function* openQuestions(live: Questioned): AsyncGenerator<QuestionRecord, undefined> {
  for (let after: QuestionPlace | null = null; ;) {
    const page: readonly QuestionRecord[] = await live.questions(after, QUESTIONS_AT_ONCE)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return undefined
    after = last
  }
}

// A long queue of questions in a real file: every page begins in the index where the one before ended, so the hundredth
// costs what the first does, also where very many are worth the same.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { expect, test } from 'vitest'

import { account, digest, withDirectory } from '../../../test/file-log/directory.ts'
import { samplesOf } from '../../ports/conformance/identity-store.samples.ts'
import { committed } from '../../ports/conformance/identity-store.subject.ts'
import type { QuestionPlace } from '../../ports/identity-store.ts'
import { openSqliteStore } from './index.ts'
import { QUESTIONS_BELOW, QUESTIONS_OF_WORTH } from './queries.ts'

const QUESTIONS = 50_000
const PAGE = 200
const { people, question } = samplesOf({ account, digest })

test('50,000 questions, page by page: each once, in order, without a walk through those before', () =>
  withDirectory(async (directory) => {
    const path = join(directory, 'graph.db')
    const store = openSqliteStore(path)
    try {
      const questions = Array.from({ length: QUESTIONS }, (_, i) =>
        question(
          `rev_${String((i * 7_919) % QUESTIONS).padStart(5, '0')}`,
          'cookie:1',
          'cookie:2',
          {
            worth: i % 3,
          },
        ),
      )
      await committed(store, people('cookie:1'), people('cookie:2'), { questions })
      const found: QuestionPlace[] = []
      for (let after: QuestionPlace | null = null; ;) {
        const page: readonly QuestionPlace[] = await store.questions(after, PAGE)
        const last = page.at(-1)
        if (last === undefined) break
        found.push(...page)
        after = last
      }
      const wanted = questions.toSorted((x, y) => y.worth - x.worth || (x.id < y.id ? -1 : 1))
      expect(found.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id))
    } finally {
      await store.close()
    }
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      const plan = (sql: string, ...given: readonly (string | number)[]): string =>
        database
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...given)
          .map(({ detail }) => String(detail))
          .join('; ')
      expect(plan(QUESTIONS_OF_WORTH, 1, 'rev_1', PAGE)).toMatch(
        /^SEARCH question USING (COVERING )?INDEX question_by_worth \(worth=\? AND id>\?\)$/,
      )
      expect(plan(QUESTIONS_BELOW, 1, PAGE)).toMatch(
        /^SEARCH question USING (COVERING )?INDEX question_by_worth \(worth<\?\)$/,
      )
    } finally {
      database.close()
    }
  }))

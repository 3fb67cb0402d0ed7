// Answers a load: what was read of the graph as records, with the profiles, questions and verdicts around it.
// Invariant: profiles, questions and verdicts come for complete nodes only, each once; verdicts also for who is not there.

import type { DatabaseSync } from 'node:sqlite'
import type { Key } from '../../core/identifier/identifier.ts'
import type {
  ProfileRecord,
  QuestionRecord,
  VerdictRecord,
} from '../../core/profile/view/records.ts'
import type { LoadLimits, LoadRequest, Neighbourhood } from '../../ports/identity-store.ts'
import { componentReader, type Reading } from './components.ts'
import { crowdReader } from './crowds.ts'
import type { Numbers } from './numbers.ts'
import { prepareQuery } from './query.ts'
import {
  edgeRecord,
  nodeRecord,
  PROFILE_COLUMNS,
  profileRecord,
  type ProfileRow,
  QUESTION_COLUMNS,
  questionRecord,
  type QuestionRow,
} from './rows.ts'
import type { Tally } from './tally.ts'

/** To be called in a transaction, with what its tally says. */
export type Load = (request: LoadRequest, limits: LoadLimits, tally: Tally) => Neighbourhood

export function prepareLoad(database: DatabaseSync, numbers: Numbers): Load {
  const statements = prepareStatements(database)
  const readComponents = componentReader(database, numbers)
  const readCrowds = crowdReader(database, numbers)
  return (request, limits, tally) => {
    const reading = readComponents(request.nodes, limits)
    const knownKey = (id: number): Key | undefined =>
      reading.nodes.get(id)?.[1] ?? numbers.nodeKey(id)
    const keyOf = (id: number): Key => existing(knownKey(id), id)
    const complete = [...reading.complete].map(keyOf)
    return {
      nodes: [...reading.nodes.values()].map((node) => nodeRecord(node, numbers, knownKey)),
      complete,
      over: [...reading.over],
      edges: reading.edges.map((edge) => edgeRecord(edge, keyOf(edge[0]), keyOf(edge[1]))),
      sightings: readCrowds(request.crowds, limits.sightingsPerDayMax),
      profiles: readProfiles(statements, numbers, reading, request.profiles),
      verdicts:
        tally.verdicts === 0
          ? []
          : readVerdicts(statements, [...complete, ...missing(request, reading)]),
      questions: tally.questions === 0 ? [] : readQuestions(statements, reading, keyOf),
    }
  }
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: DatabaseSync) {
  const profile = `SELECT ${PROFILE_COLUMNS} FROM profile WHERE`
  const question = `SELECT ${QUESTION_COLUMNS} FROM question WHERE`
  return {
    profileById: prepareQuery<ProfileRow>(database, `${profile} id = ?`),
    profileByName: prepareQuery<ProfileRow>(
      database,
      `${profile} substr(name, -8) = substr(?1, -8) AND name = ?1`,
    ),
    questionsOf: prepareQuery<QuestionRow>(
      database,
      `${question} a_id = ?1 UNION ALL ${question} b_id = ?1`,
    ),
    verdictsOf: prepareQuery<[string]>(
      database,
      `SELECT v.record FROM verdict_member m JOIN verdict v ON v.id = m.verdict WHERE m.key = unhex(?)`,
    ),
  }
}

function readProfiles(
  statements: Statements,
  numbers: Numbers,
  reading: Reading,
  names: readonly string[],
): ProfileRecord[] {
  const rows = new Map<number, ProfileRow | undefined>()
  for (const id of reading.complete) {
    const profile = reading.nodes.get(id)?.[9] ?? null
    if (profile === null || rows.has(profile)) continue
    rows.set(profile, statements.profileById.first(profile))
  }
  for (const name of names) {
    const row = statements.profileByName.first(name)
    if (row !== undefined) rows.set(row[0], row)
  }
  return [...rows.values()].flatMap((row) => (row === undefined ? [] : profileRecord(row, numbers)))
}

/** Who was asked for and is not there: erased, perhaps, and to come again under a verdict of before. */
function missing({ nodes }: LoadRequest, reading: Reading): readonly Key[] {
  const found = new Set([...reading.nodes.values()].map((node) => node[1]))
  return nodes.filter((key) => !found.has(key))
}

function readVerdicts(statements: Statements, keys: readonly Key[]): VerdictRecord[] {
  const records = new Set<string>()
  for (const key of keys) {
    for (const [record] of statements.verdictsOf.all(key)) records.add(record)
  }
  return [...records].map((record) => JSON.parse(record) as VerdictRecord)
}

function readQuestions(
  statements: Statements,
  reading: Reading,
  keyOf: (id: number) => Key,
): QuestionRecord[] {
  const rows = new Map<string, QuestionRow>()
  for (const id of reading.complete) {
    for (const row of statements.questionsOf.all(id)) rows.set(row[0], row)
  }
  return [...rows.values()].map((row) => questionRecord(row, keyOf(row[1]), keyOf(row[2])))
}

function existing(key: Key | undefined, id: number): Key {
  if (key === undefined)
    throw new Error(`an edge or question names a node that is not there: ${id}`)
  return key
}

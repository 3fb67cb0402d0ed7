// `evaluate`: the profiles as they stand against a truth, pairwise and B-cubed; and what the model says of pairs.

import { parseIdentifierText } from '../../../core/index.ts'
import {
  Scorer,
  Truth,
  TruthReader,
  type Score,
  type TruthKind,
} from '../../../evaluation/index.ts'
import type { Account } from '../../account/account.ts'
import { whyNotUsed } from '../../answers/knowledge-answer.ts'
import { openInput, readFailure } from '../../loading/open-input.ts'
import { UserError } from '../../user-error.ts'
import { DONE, interruptible, type Invocation } from '../invocation.ts'
import { withReader } from '../reach-data.ts'
import { count, share } from '../terminal/numbers.ts'
import { tableLines } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { modelLines } from '../words/judged-words.ts'
import { ownersOfEvents } from './event-owners.ts'
import { judgePairs, type ModelScore } from './judge-pairs.ts'

const NODES_AT_ONCE = 1_000

export interface EvaluateOptions {
  readonly truth: string
  /** Whether pairs are weighed again to judge the model by them. */
  readonly model: boolean
}

/** What `--json` says. */
interface Evaluated extends Score {
  /** Null where there is none, nobody asked, or the truth is one of events. */
  readonly model: ModelScore | null
  /** Why no model is gone by; null when one is. */
  readonly model_refused: string | null
}

export async function evaluate(
  invocation: Invocation,
  { truth: file, model }: EvaluateOptions,
): Promise<number> {
  const { terminal, json } = invocation
  const evaluated = await interruptible((signal) =>
    withReader(invocation, async (account): Promise<Evaluated> => {
      const read = await readTruth(account, file)
      const score = await scoreBy(account, read)
      const { knowledge } = account.active.policy
      const refused = knowledge === null ? whyNotUsed(account) : null
      const judges = model && knowledge !== null && read.kind !== 'event_id'
      const told = (stage: string): void => terminal.moving(`weighing pairs: ${stage} …`)
      const judged = judges
        ? await judgePairs({ account, knowledge, truth: read.truth, signal, told })
        : null
      terminal.moving('')
      return { ...score, model: judged, model_refused: refused }
    }),
  )
  if (json) terminal.say(JSON.stringify(evaluated))
  else {
    for (const line of scoreLines(terminal, evaluated)) terminal.say(line)
    for (const line of modelLines(terminal, evaluated.model, evaluated.model_refused))
      terminal.say(line)
  }
  return DONE
}

/** The score of an account's profiles as they are stored. @throws {UserError} for a truth that cannot be read. */
export async function scoreAgainst(account: Account, truthFile: string): Promise<Score> {
  return scoreBy(account, await readTruth(account, truthFile))
}

async function scoreBy(account: Account, { truth, kind }: TruthRead): Promise<Score> {
  const scorer = new Scorer(truth)
  if (kind === 'event_id') {
    for await (const [event, profile] of ownersOfEvents(account)) scorer.assign(event, profile)
    return scorer.score()
  }
  for (let after = ''; ;) {
    const page = await account.store.scanNodes(after, NODES_AT_ONCE)
    for (const { key, profile } of page) if (profile !== '') scorer.assign(key, profile)
    const last = page.at(-1)
    if (last === undefined) return scorer.score()
    after = last.key
  }
}

interface TruthRead {
  readonly truth: Truth
  readonly kind: TruthKind | null
}

async function readTruth({ extraction }: Account, file: string): Promise<TruthRead> {
  const truth = new Truth()
  const reader = new TruthReader()
  const add = (rows: Iterable<{ readonly subject: string; readonly person: string }>): void => {
    for (const { subject, person } of rows) {
      const parsed = reader.kind === 'event_id' ? null : parseIdentifierText(extraction, subject)
      if (parsed === null) truth.add(subject, person)
      else if (parsed.ok) truth.add(parsed.identifier.key, person)
      // What can be no identifier here was never one in the graph: it is alone, and right as far as it goes.
      else truth.add(subject, person)
    }
  }
  const decoder = new TextDecoder()
  const input = openInput(file, () => undefined)
  try {
    for await (const chunk of input.bytes) add(reader.read(decoder.decode(chunk, { stream: true })))
    add(reader.end())
  } catch (cause) {
    throw readFailure(file, 0, cause)
  } finally {
    input.close()
  }
  const { problem, kind } = reader
  if (problem !== null) throw new UserError(`${file}: ${problem.message}`)
  return { truth, kind }
}

/** The score as a small table and a line of counts. */
function scoreLines(terminal: Terminal, score: Score): string[] {
  const columns = ['', 'PRECISION', 'RECALL', 'F1', 'F0.5'].map((head, i) => {
    return { head, widthMin: 9, align: i === 0 ? ('left' as const) : ('right' as const) }
  })
  const rows = [
    ['pairs', score.pair_precision, score.pair_recall, score.pair_f1, score.pair_f05],
    ['B-cubed', score.b3_precision, score.b3_recall, score.b3_f1, score.b3_f05],
  ].map((row) => row.map((cell) => (typeof cell === 'number' ? share(cell, 4) : cell)))
  return [
    ...tableLines(columns, rows, terminal.width),
    '',
    `${count(score.profiles)} profiles of ${count(score.people)} people; ${count(score.welded_profiles)} hold strangers, at most ${count(score.most_people_in_one)} people in one`,
    `${count(score.identifiers)} scored, ${count(score.unassigned)} of them in no profile; ${count(score.shared)} shared by several people, ${count(score.shared_wrongly_owned)} of them owned by one`,
  ]
}

// `sql`: a question to the published tables. It takes no lock and asks no server: a published run never changes.
// Invariant: a file is written whole or not at all.

import { createWriteStream, type Stats } from 'node:fs'
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import {
  openPublishedTables,
  QueryError,
  type Answer,
  type PublishedTables,
} from '../../../adapters/duckdb/index.ts'
import { openFileWarehouse } from '../../../adapters/file-warehouse/index.ts'
import { accountsIn } from '../../account/accounts.ts'
import { accountLayout, type AccountLayout } from '../../account/layout.ts'
import { noData } from '../../account/opening.ts'
import { openInput, readFailure, STANDARD_INPUT } from '../../loading/open-input.ts'
import { systemCodeOf, systemError, UserError } from '../../user-error.ts'
import { accountOf, DONE, INTERRUPTED, interruptible, type Invocation } from '../invocation.ts'
import { count, counted } from '../terminal/numbers.ts'
import { progressLine } from '../terminal/progress.ts'
import { queryMistake } from '../words/query-words.ts'
import { csvText, jsonText, type Look, tableText, type TakeOptions } from './sql-formats.ts'
import { formatOf, type Format, type SqlOptions } from './sql-options.ts'

const TABLE_ROWS_DEFAULT = 1_000
const PROGRESS_MS = 200
const UNCUT: Look = { width: Infinity, head: (line) => line }

export async function sql(
  invocation: Invocation,
  asked: string,
  options: SqlOptions,
): Promise<number> {
  const { terminal, json } = invocation
  const format = formatOf(options, json)
  const query = asked === STANDARD_INPUT ? await standardInput() : asked
  const { directory, run, layout } = await currentRun(invocation)
  const out = options.out === undefined ? null : await outputFile(options.out, layout)
  const tables = await openPublishedTables({
    directory,
    ...(out !== null && format === 'parquet' && { parquetFile: out.draft }),
  })
  const rowsMax =
    options.limit ?? (format === 'table' && out === null ? TABLE_ROWS_DEFAULT : Infinity)
  const taken = { rows: 0, more: false, cut: false }
  const request: Request = { invocation, tables, query, format, out, take: { rowsMax, taken }, run }
  try {
    if (!(await interruptible((signal) => answered(request, signal)))) return INTERRUPTED
  } catch (cause) {
    throw cause instanceof QueryError ? queryMistake(query, cause, terminal.width) : cause
  } finally {
    await tables.close()
  }
  sayTaken(request)
  return DONE
}

interface Request {
  readonly invocation: Invocation
  readonly tables: PublishedTables
  readonly query: string
  readonly format: Format
  readonly out: OutputFile | null
  readonly take: TakeOptions
  readonly run: number
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = []
  const input = openInput(STANDARD_INPUT, () => undefined)
  try {
    for await (const chunk of input.bytes) chunks.push(chunk)
  } catch (cause) {
    throw readFailure(STANDARD_INPUT, 0, cause)
  } finally {
    input.close()
  }
  return Buffer.concat(chunks).toString()
}

interface CurrentRun {
  readonly directory: string
  readonly run: number
  readonly layout: AccountLayout
}

/** The run all of the query sees. */
async function currentRun(invocation: Invocation): Promise<CurrentRun> {
  const { dataDirectory } = invocation
  const name = await accountOf(invocation)
  const layout = accountLayout(dataDirectory, name)
  const warehouse = openFileWarehouse(layout.warehouseDirectory)
  const run = await warehouse.current()
  if (run !== null) return { directory: warehouse.directoryOf(run), run, layout }
  if (!(await accountsIn(dataDirectory)).includes(name)) throw await noData(dataDirectory, name)
  throw new UserError('no tables have been published yet', {
    hint: 'A batch run publishes them: `selfsame resolve`.',
  })
}

interface OutputFile {
  readonly path: string
  /** Beside it, on the same disk. */
  readonly draft: string
}

async function outputFile(
  named: string,
  { warehouseDirectory }: AccountLayout,
): Promise<OutputFile> {
  const path = await realpath(named).catch(() => resolve(named))
  if (path.startsWith((await realpath(warehouseDirectory)) + sep)) {
    throw new UserError(`${named} is among the published tables, which never change`)
  }
  const there = await statOf(named, path)
  if ((await statOf(named, dirname(path))) === null) {
    throw new UserError(`cannot write ${named}: there is no directory ${dirname(path)}`)
  }
  if (there?.isFile() === false) throw new UserError(`cannot write ${named}: it is no regular file`)
  return { path, draft: `${path}.${process.pid}.draft` }
}

/** Null where nothing is. */
async function statOf(named: string, path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null
    throw systemError(`write ${named}`, cause)
  }
}

/** False when it was interrupted. */
async function answered(request: Request, signal: AbortSignal): Promise<boolean> {
  const { out, format, tables, query, take } = request
  const progress = showProgress(request)
  try {
    if (out !== null) await writeFile(out.draft, '', { flag: 'wx' })
    if (format === 'parquet') {
      take.taken.rows = await tables.writeParquet(query, { rowsMax: take.rowsMax, signal })
    } else {
      const text = textOf(request, await tables.query(query, signal))
      await writeText(text, { out, signal, begun: progress.end })
    }
    if (out !== null) await rename(out.draft, out.path)
    return true
  } catch (cause) {
    if (out !== null) await rm(out.draft, { force: true }).catch(() => undefined)
    if (signal.aborted) return false
    if (out === null || cause instanceof QueryError) throw cause
    throw systemError(`write ${out.path}`, cause)
  } finally {
    progress.end()
  }
}

function textOf(
  { format, take, invocation: { terminal }, out }: Request,
  answer: Answer,
): AsyncGenerator<string> {
  if (format === 'csv') return csvText(answer, take)
  if (format === 'json') return jsonText(answer, take)
  if (out !== null) return tableText(answer, take, UNCUT)
  const head = (line: string): string => terminal.paint('bold', line)
  return tableText(answer, take, { width: terminal.tableWidth, head })
}

interface Writing {
  readonly out: OutputFile | null
  readonly signal: AbortSignal
  /** Told before the first piece goes to standard output. */
  readonly begun: () => void
}

async function writeText(
  text: AsyncGenerator<string>,
  { out, signal, begun }: Writing,
): Promise<void> {
  if (out !== null) {
    await pipeline(Readable.from(text), createWriteStream(out.draft), { signal })
    return
  }
  async function* pieces(): AsyncGenerator<string> {
    for await (const piece of text) {
      begun()
      yield piece
    }
  }
  await pipeline(Readable.from(pieces()), process.stdout, { end: false, signal })
}

/** Until rows appear on the terminal themselves. */
function showProgress({ invocation, tables, take }: Request): { readonly end: () => void } {
  const progress = progressLine(invocation.terminal, 'asking', 'rows')
  const timer = setInterval(() => {
    progress.update(take.taken.rows, tables.progress())
  }, PROGRESS_MS)
  return {
    end: () => {
      clearInterval(timer)
      progress.end()
    },
  }
}

function sayTaken({ invocation: { terminal }, format, out, take, run }: Request): void {
  const { rows, more, cut } = take.taken
  const said = `${counted(rows, 'row')} of run ${run}`
  if (out !== null) terminal.note(`${said} written to ${out.path}`)
  else if (format === 'table') {
    terminal.note(
      more ? `The first ${said}. There are more: --limit NUMBER, --out FILE.` : `${said}.`,
    )
    if (cut) terminal.note('Cells are cut to fit; --format csv has them whole.')
  } else if (more) terminal.note(`The first ${count(rows)} rows; there are more.`)
}

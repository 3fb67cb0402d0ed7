// `rejects`: messages that were sent and not taken; listed, and taken again once their reason is mended.

import { accountsIn } from '../../account/accounts.ts'
import { listRejects, offerAgain } from '../../account/kept-rejects.ts'
import { accountLayout } from '../../account/layout.ts'
import { openAccount } from '../../account/open-account.ts'
import { noData } from '../../account/opening.ts'
import {
  answerOfRejects,
  type RejectsAnswer,
  type ReplayAnswer,
} from '../../answers/reject-answer.ts'
import { ingest } from '../../../flows/ingest.ts'
import { isShared } from '../../stack/open-stack.ts'
import { takeAgain } from '../../loading/take-again.ts'
import { accountOf, DONE, openOptionsOf, othersOf, type Invocation } from '../invocation.ts'
import { serverOf } from '../reach-data.ts'
import { answeredBy, clientOf } from '../server-client.ts'
import { counted, minute } from '../terminal/numbers.ts'
import { cutTo, oneLine } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { wrapped } from '../terminal/wrap.ts'
import { valueOf } from '../unanswered.ts'

export async function showRejects(invocation: Invocation, limit: number): Promise<number> {
  const { terminal, json } = invocation
  const page = await rejectsOf(invocation, limit)
  if (json) {
    terminal.say(JSON.stringify(page))
    return DONE
  }
  const { stack } = await openOptionsOf(invocation)
  if (isShared(stack))
    terminal.note('what the log itself held and nobody understood is in its topic … .rejects')
  if (page.rejects.length === 0) {
    terminal.say('No message was rejected.')
    return DONE
  }
  for (const reject of page.rejects)
    for (const text of linesOf(reject, terminal)) terminal.say(text)
  terminal.say('Messages are cut to a line; --json has them whole.')
  if (page.next !== null) terminal.say('There are older ones: --limit, or --json and its "next".')
  return DONE
}

/** What is wrong is shown whole; of the message what fits on a line. */
function linesOf(reject: RejectsAnswer['rejects'][number], terminal: Terminal): string[] {
  const { width } = terminal
  const { id, at, source, file, line, reason, detail, raw } = reject
  const place = file === null ? source : `${file}:${line ?? ''}`
  const [head = '', ...more] = wrapped(oneLine(`${minute(at)}  ${place}  ${reason}`), width, '')
  return [
    terminal.paint('bold', head),
    ...more,
    ...wrapped(oneLine(detail), width),
    ...(raw === null ? [] : [cutTo(`  ${oneLine(raw)}`, width)]),
    ...wrapped(id, width),
  ]
}

/** The files say it all, so they are read whether a server runs or not. */
async function rejectsOf(invocation: Invocation, limit: number): Promise<RejectsAnswer> {
  const { rejectsDirectory } = await layoutOfMeant(invocation)
  const page = await listRejects(rejectsDirectory, null, limit)
  return answerOfRejects(page?.rejects ?? [], page?.next ?? null)
}

async function layoutOfMeant(invocation: Invocation) {
  const { dataDirectory } = invocation
  const name = await accountOf(invocation)
  if (!(await accountsIn(dataDirectory)).includes(name)) throw await noData(dataDirectory, name)
  return accountLayout(dataDirectory, name)
}

export async function replayRejects(invocation: Invocation): Promise<number> {
  const { terminal, json } = invocation
  const { settled, left } = await replayed(invocation)
  if (json) terminal.say(JSON.stringify({ settled, left }))
  else terminal.say(`${counted(settled, 'message')} taken, ${left} still rejected.`)
  return DONE
}

async function replayed(invocation: Invocation): Promise<ReplayAnswer> {
  const server = await serverOf(invocation)
  if (server !== null) return valueOf(await answeredBy(server, clientOf(server).replayRejects()))
  const { rejectsDirectory } = await layoutOfMeant(invocation)
  const account = await openAccount(invocation.dataDirectory, await openOptionsOf(invocation))
  try {
    const { extraction } = account
    const others = await othersOf(invocation)
    const parts = { extraction, others, take: ingest.bind(undefined, account) }
    return await offerAgain(rejectsDirectory, takeAgain(parts))
  } finally {
    await account.close()
  }
}

// What the cases of the event log run on, and the messages they put in.

import type { Fact } from '../../core/edge/fact.ts'
import { keyOf, type Digest, type Identifier } from '../../core/identifier/identifier.ts'
import type { EventLog, MessageRecord } from '../event-log.ts'
import type { Case } from './case.ts'
import { clueOf, clueOfName, clueOfText, cluesFrom } from '../../core/edge/clue.ts'

/** `restart`: what was acknowledged is there when the log is opened again. */
export type EventLogNeed = 'restart'

export interface EventLogSubject {
  /** Of the records the cases make. */
  readonly account: string
  readonly digest: Digest
  /** Opens the subject's log; its last opening was closed. */
  open(): Promise<EventLog>
}

/** A message with a cookie and, if given, an e-mail. */
export function sampleMessage(
  { account, digest }: Pick<EventLogSubject, 'account' | 'digest'>,
  id: string,
  given: { readonly at?: number; readonly cookie?: string; readonly email?: string } = {},
): MessageRecord {
  const { at = 1_700_000_000_000, cookie = `cookie of ${id}`, email } = given
  const identifier = (type: string, value: string): Identifier => ({
    key: keyOf(digest, account, type, '', value),
    type,
    namespace: '',
    value,
  })
  const identifiers = [identifier('cookie', cookie)]
  if (email !== undefined) identifiers.push(identifier('email', email))
  const fact: Fact = {
    id,
    account,
    site: 'shop',
    type: 'track',
    name: 'Product Viewed',
    at,
    receivedAt: at + 5,
    identifiers,
    edges: email === undefined ? [] : [{ from: 0, to: 1, kind: 'login' }],
    clues: cluesFrom([
      clueOfName('device', 'phone'),
      clueOf('click', 2 ** 28 - 1),
      clueOfText('page', id),
    ]),
  }
  return { kind: 'message', fact, extractionVersion: 1, raw: JSON.stringify({ messageId: id, at }) }
}

export type EventLogCase = Case<EventLogSubject, EventLogNeed>

/** Opens the subject's log for some work and closes it. */
export async function withLog(
  subject: EventLogSubject,
  work: (log: EventLog) => Promise<void>,
): Promise<void> {
  const log = await subject.open()
  try {
    await work(log)
  } finally {
    await log.close()
  }
}

export function idsOf(records: readonly MessageRecord[]): readonly string[] {
  return records.map(({ fact }) => fact.id)
}

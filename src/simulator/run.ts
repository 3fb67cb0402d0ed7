// One pass through a world: what visits read and change, and the two ways to send a message.

import type { Jars } from './jars.ts'
import type { Message, Sender } from './message.ts'
import { draft, serverContext, serverDraft } from './message.ts'
import type { Occurrences } from './occurrence.ts'
import type { Outbox } from './outbox.ts'
import { VISITS } from './parameters.ts'
import type { World } from './population.ts'
import type { Dice } from './random.ts'
import type { Site } from './vocabulary.ts'

/** The state of one pass. */
export interface Run {
  readonly world: World
  readonly jars: Jars
  readonly occurrences: Occurrences
  readonly outbox: Outbox
  readonly dice: Dice
  /** Epoch ms of the act that comes next in the present visit. */
  now: number
}

/** The name of a person in the truth. */
export function labelOf(person: number): string {
  return `p${person}`
}

/** An act of the present visit: an empty message, to be filled and passed to `post`. */
export function act(run: Run, sender: Sender, type: Message['type']): Message {
  const id = run.dice.uuid()
  const stamped = sender.channel === 'web' ? `ajs-next-${Math.floor(run.now)}-${id}` : id
  return draft(sender, type, stamped)
}

/** Sends a message of the present visit and lets time pass. */
export function post(run: Run, sender: Sender, message: Message): void {
  const { outbox, dice } = run
  outbox.send(
    message,
    {
      actAt: run.now,
      sendableAt: sender.offlineUntil,
      clockErrorMs: sender.clockErrorMs,
      person: sender.person < 0 ? null : labelOf(sender.person),
      site: sender.site.name,
      mobile: sender.channel === 'app',
    },
    dice,
  )
  sender.extra = null
  // `identify` goes out with the event that caused it; people need time for everything else
  run.now +=
    message.type === 'identify' ? 1 + dice.below(20) : 500 + dice.wait(VISITS.betweenActsMs)
}

/** What a site's server is to say, some time (ms) after now. */
export interface ServerCall {
  readonly site: Site
  readonly person: number
  readonly type: Message['type']
  /** The CRM's id of the person, where it is the CRM that speaks. */
  readonly crmId: string | null
  readonly afterMs: number
}

/** Sends a message from a site's server; `fields` say what it is about. */
export function postFromServer(run: Run, call: ServerCall, fields: Partial<Message>): void {
  const { site, person, type, crmId, afterMs } = call
  const actAt = Math.floor(run.now + afterMs)
  const message = serverDraft(type, `node-next-${actAt}-${run.dice.uuid()}`, serverContext(crmId))
  run.outbox.send(
    Object.assign(message, fields),
    {
      actAt,
      sendableAt: 0,
      clockErrorMs: 0,
      person: labelOf(person),
      site: site.name,
      mobile: false,
    },
    run.dice,
  )
}

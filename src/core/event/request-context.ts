// What a collector may add of the HTTP request to a message: the address and browser of a client, never of a server.
// Invariant: what the message says itself is kept; the message given is not changed.

import { fieldsAt, type Fields } from './event.ts'

/** What a request tells about its sender. */
export interface RequestContext {
  /** Address of the peer, as text. */
  readonly ip?: string
  readonly userAgent?: string
}

/** Names that server libraries give themselves: `analytics-node`, `rudder-sdk-go`, `Analytics.NET` … */
const SERVER_LIBRARY =
  /(^|[^a-z])(node|python|ruby|java|go|php|net|dotnet|csharp|rust|elixir)(js)?( sdk)?$/i

/** Whether a server speaks here on behalf of people: then the request's address is the server's own. */
export function isFromServer(message: Fields): boolean {
  const context = fieldsAt(message, 'context')
  if (context['channel'] === 'server' || message['channel'] === 'server') return true
  const name = fieldsAt(context, 'library')['name']
  return typeof name === 'string' && SERVER_LIBRARY.test(name)
}

/** Whether one of RudderStack's clients made it, whose messages may be larger. */
export function isFromRudderstack(message: Fields): boolean {
  const name = fieldsAt(fieldsAt(message, 'context'), 'library')['name']
  return typeof name === 'string' && /rudder/i.test(name)
}

/**
 * The message with the request's address and user agent in its context where it names none. A server's message stays
 * as it is: an address in its context was put there on purpose and is the person's.
 */
export function withRequestContext(message: Fields, request: RequestContext): Fields {
  if (isFromServer(message)) return message
  const context = fieldsAt(message, 'context')
  const { ip = '', userAgent = '' } = request
  const added = {
    ...(ip !== '' && !isText(context['ip']) && { ip }),
    ...(userAgent !== '' && !isText(context['userAgent']) && { userAgent }),
  }
  if (Object.keys(added).length === 0) return message
  return { ...message, context: { ...context, ...added } }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

// Messages as Segment's browser, mobile and server libraries write them.
// Messages of one visit share the parts that cannot differ (screen, library …): read only.

import type { Product, Site } from './vocabulary.ts'

export type Json = string | number | boolean | null | readonly Json[] | Fields
export interface Fields {
  readonly [key: string]: Json | undefined
}

/** One tracking message. Mutable only until it is sent. */
export interface Message {
  type: 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias'
  messageId: string
  anonymousId?: string
  userId?: string | null
  previousId?: string
  groupId?: string
  event?: string
  name?: string
  category?: string
  properties?: Fields
  traits?: Fields
  context: Fields
  integrations: Fields
  originalTimestamp?: string
  timestamp: string
  sentAt: string
}

/** What the collector receives. */
export interface Item {
  /** Epoch ms, whole. */
  readonly receivedAt: number
  readonly message: Message
  /** Whether a message with this id has been received before. */
  readonly repeated: boolean
  /** Who did it; null if nobody did (a bot). */
  readonly person: string | null
  /** The site whose source it came from. */
  readonly site: string
}

/** The page a browser is on, as `context.page` has it. */
export type Page = {
  readonly path: string
  readonly referrer: string
  readonly search: string
  readonly title: string
  readonly url: string
}

/** Where messages of one visit come from: the parts of context that stay the same. */
export interface Sender {
  readonly channel: 'web' | 'app'
  readonly site: Site
  /** -1: nobody. */
  readonly person: number
  /** Whose account is signed in: on a shared tablet not always the person's. */
  account: number
  readonly clockErrorMs: number
  /** Epoch ms until which the device could not send; 0 if it could. */
  offlineUntil: number
  anonymousId: string
  userId: string | null
  readonly context: Fields
  page: Page
  /** Of this message only: a CRM link, an app's traits. */
  extra: Fields | null
}

const NOTHING: Fields = {}

/** An empty message of a visit; the caller fills in what its type asks for. */
export function draft(sender: Sender, type: Message['type'], messageId: string): Message {
  const context: Fields =
    sender.channel === 'web'
      ? { page: sender.page, ...sender.context, ...sender.extra }
      : { ...sender.context, ...sender.extra }
  return {
    type,
    messageId,
    anonymousId: sender.anonymousId,
    userId: sender.userId,
    context,
    integrations: NOTHING,
    timestamp: '',
    sentAt: '',
  }
}

/** A message of the site's own server about a person it knows. */
export function serverDraft(type: Message['type'], messageId: string, context: Fields): Message {
  return { type, messageId, context, integrations: NOTHING, timestamp: '', sentAt: '' }
}

/** `context` of a server library, with the CRM's id if it is the CRM that speaks. */
export function serverContext(crmId: string | null): Fields {
  return crmId === null
    ? { library: SERVER_LIBRARY }
    : { library: SERVER_LIBRARY, ...crmLink(crmId) }
}
const SERVER_LIBRARY = { name: '@segment/analytics-node', version: '2.2.1' }

/** `context.externalIds` with a CRM id. */
export function crmLink(crmId: string): Fields {
  return { externalIds: [{ id: crmId, type: 'crm', collection: 'users', encoding: 'none' }] }
}

/** A page of a site. */
export function pageOf(
  site: Site,
  path: string,
  title: string,
  search: string,
  referrer: string,
): Page {
  return { path, referrer, search, title, url: site.origin + path + search }
}

/** The properties of a product in a `track` event. */
export function productFields(product: Product, site: Site, quantity: number): Fields {
  return {
    product_id: product.product_id,
    sku: product.sku,
    category: product.category,
    name: product.name,
    brand: product.brand,
    price: product.price,
    quantity,
    currency: site.currency,
    url: site.origin + product.path,
  }
}

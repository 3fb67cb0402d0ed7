// What a visitor does on a site, act by act: pages, products, and the acts that name them.

import type { Fields, Message, Page, Sender } from './message.ts'
import { pageOf, productFields } from './message.ts'
import { saysWho } from './identity.ts'
import { followMailLink, identify, isMember, invite, order, signIn, submitForm } from './naming.ts'
import type { Spot } from './network.ts'
import type { Opened } from './opening.ts'
import { SIGNED } from './jars.ts'
import { IDENTITY, VISITS } from './parameters.ts'
import { at, choose, cumulate, TAG, unit } from './random.ts'
import type { Run } from './run.ts'
import { act, post } from './run.ts'
import type { Product } from './vocabulary.ts'
import { CAMPAIGNS, PAGES, PRODUCTS } from './vocabulary.ts'

const SOURCES = ['direct', 'search', 'paid', 'social', 'mail'] as const
const SOURCE_SHARES = cumulate(SOURCES.map((source) => VISITS.sourceWeights[source]))

/** Plays a visit that has been opened. */
export function browse(run: Run, opened: Opened, spot: Spot): void {
  const { dice } = run
  const { sender } = opened
  land(run, sender)
  if (opened.known && dice.chance(VISITS.identifyAgainShare)) identify(run, sender)
  const further = furtherPages(run)
  const signsInAfter =
    !opened.known && wouldSignIn(run, opened) && dice.chance(IDENTITY.signInPerVisit)
      ? dice.below(further + 1)
      : -1
  for (let i = 0; i <= further; i++) {
    if (i > 0) lookAround(run, sender)
    if (i === signsInAfter) enter(run, opened)
  }
  const named = saysWho(run.world, sender.person)
  if (dice.chance(VISITS.formShare) && named) submitForm(run, sender, spot)
  const orders = opened.known ? VISITS.orderShareKnown : VISITS.orderShareGuest
  if (dice.chance(orders) && named) order(run, sender, spot, opened.known)
  if (!opened.known) return
  if (dice.chance(VISITS.inviteShare)) invite(run, sender)
  if (dice.chance(VISITS.signOutShare)) leave(run, opened)
}

function furtherPages(run: Run): number {
  const stay = VISITS.furtherPagesMean / (1 + VISITS.furtherPagesMean)
  const pages = Math.floor(Math.log(1 - run.dice.unit()) / Math.log(stay))
  return Math.min(pages, VISITS.furtherPagesMax)
}

/** Whether a person signs in on this device and site at all. */
function wouldSignIn(run: Run, opened: Opened): boolean {
  const { root } = run.world
  const { person, site } = opened.sender
  const habit = unit(root, TAG.habit, person)
  if (habit < IDENTITY.neverShare + IDENTITY.someDevicesShare) {
    const here = unit(root, TAG.signsInHere, person, opened.device.index)
    if (here >= IDENTITY.signsInOnDevice) return false
  }
  return isMember(run.world, person, site.index, opened.atHome)
}

function enter(run: Run, opened: Opened): void {
  const { sender, jar, device } = opened
  signIn(run, sender)
  opened.known = true
  if (jar < 0) return
  run.jars.signedIn[jar] = sender.person === device.owner ? SIGNED.owner : SIGNED.other
}

function leave(run: Run, opened: Opened): void {
  const { sender, jar } = opened
  const event = act(run, sender, 'track')
  event.event = 'Signed Out'
  event.properties = {}
  post(run, sender, event)
  if (jar < 0) return
  const resets = run.dice.chance(VISITS.signOutResets)
  run.jars.signedIn[jar] = resets ? SIGNED.resetting : SIGNED.out
}

/** The first page, with what the link to it carried. */
function land(run: Run, sender: Sender): void {
  const { dice } = run
  const source = SOURCES[choose(SOURCE_SHARES, dice.unit())] ?? 'direct'
  const [path, title, category] = dice.chance(VISITS.landOnHomeShare)
    ? at(PAGES, 0)
    : dice.pick(PAGES)
  let search = ''
  let referrer = ''
  let campaign: Fields | null = null
  if (source === 'search') referrer = 'https://www.google.com/'
  if (source === 'social') {
    referrer = 'https://l.facebook.com/'
    search = `?fbclid=IwAR${dice.word().toString(36)}${dice.word().toString(36)}`
  }
  if (source === 'paid' || source === 'mail') {
    const name = dice.pick(CAMPAIGNS)
    const medium = source === 'paid' ? 'cpc' : 'email'
    const from = source === 'paid' ? 'google' : 'newsletter'
    campaign = { name, source: from, medium }
    search = `?utm_source=${from}&utm_medium=${medium}&utm_campaign=${name}`
    if (source === 'paid')
      search += `&gclid=Cj0KCQ${dice.word().toString(36)}${dice.word().toString(36)}`
  }
  if (source === 'mail') followMailLink(run, sender)
  if (campaign !== null) sender.extra = { ...sender.extra, campaign }
  show(run, sender, pageOf(sender.site, path, title, search, referrer), category)
}

/** Another page: a product's, perhaps put into the basket, or any other. */
function lookAround(run: Run, sender: Sender): void {
  const { dice } = run
  const { site } = sender
  const referrer = sender.page.url
  if (!dice.chance(VISITS.productShare)) {
    const [path, title, category] = dice.pick(PAGES)
    show(run, sender, pageOf(site, path, title, '', referrer), category)
    return
  }
  const product = dice.pick(PRODUCTS)
  const page = pageOf(site, product.path, product.name, '', referrer)
  sender.page = page
  viewed(run, sender, 'Product Viewed', product)
  if (dice.chance(VISITS.addToCartShare)) viewed(run, sender, 'Product Added', product)
}

function viewed(run: Run, sender: Sender, event: string, product: Product): void {
  const message = act(run, sender, 'track')
  message.event = event
  message.properties = productFields(product, sender.site, 1)
  post(run, sender, message)
}

/** `page` in a browser, `screen` in an app. */
function show(run: Run, sender: Sender, page: Page, category: string): void {
  sender.page = page
  const web = sender.channel === 'web'
  const message: Message = act(run, sender, web ? 'page' : 'screen')
  message.name = page.title
  message.category = category
  message.properties = web
    ? { ...page, name: page.title, category }
    : { name: page.title, category, path: page.path }
  post(run, sender, message)
}

// The tag of our own in Chromium: what it sends, what it never sends, and that nothing is lost or doubled on the way.
import { readFileSync } from 'node:fs'

import type { BrowserContext, Page, Request } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { openShop, type Shop } from '../shop.ts'
import { hasChromium, origin, putPage, visitor } from './chromium.ts'

interface Message {
  readonly type: string
  readonly event?: string
  readonly properties?: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
}

const [, snippet = ''] =
  /```html\n([^`]*)```/.exec(
    readFileSync(new URL('../../../docs/collect.md', import.meta.url), 'utf8'),
  ) ?? []

/** The snippet of docs/collect.md. */
const stub = (shop: Shop, consent?: 'granted' | 'denied'): string =>
  snippet
    .replace('https://id.shop.example', shop.url)
    .replace(
      '"wk_…"',
      `"${shop.writeKey}" ${consent === undefined ? '' : `data-consent="${consent}"`}`,
    )

/** What pages of a visitor send; grows as they do. */
function sentBy(context: BrowserContext): Message[] {
  const sent: Message[] = []
  context.on('request', (request: Request) => {
    if (new URL(request.url()).pathname !== '/collect') return
    const { batch } = JSON.parse(request.postData() ?? '') as { batch: Message[] }
    sent.push(...batch)
  })
  return sent
}

interface Opened {
  readonly page: Page
  readonly sent: Message[]
}

async function open(head: string, body = '', context?: BrowserContext): Promise<Opened> {
  const own = context ?? (await visitor())
  const sent = sentBy(own)
  const page = await own.newPage()
  await page.goto(await putPage('/pricing?plan=a', head, body))
  return { page, sent }
}

/** Of the visitor cookie; a script of the page could not read it. */
async function cookieOf(page: Page): Promise<string> {
  const found = async (): Promise<string | undefined> =>
    (await page.context().cookies()).find(({ name }) => name === 'selfsame_visitor')?.value
  await expect.poll(found, { timeout: 20_000 }).toBeDefined()
  return `cookie:${await found()}`
}

// reason: a machine may have no Chromium
describe.skipIf(!hasChromium)('the tag', () => {
  test('page views, calls before it was there, and a cookie scripts cannot read', async () => {
    const shop = await openShop()
    const early = `<script>selfsame('identify', '42', { email: 'ana@example.com' })</script>`
    const { page, sent } = await open(stub(shop) + early)
    const cookie = await cookieOf(page)
    await page.evaluate(`history.pushState(null, '', '/cart'), document.title = 'Cart'`)
    await expect.poll(() => sent.length).toBe(3)
    await page.evaluate("selfsame('page', 'Help', { topic: 'size' })")
    await page.evaluate("location.hash = '#details'")
    await page.goBack()
    await page.goBack()
    await page.evaluate("selfsame('track', 'Order Completed', { total: 20 })")
    const did = ['page', 'identify', 'page', 'page Help', 'page', 'track Order Completed']
    await shop.expectEvents(cookie, did)
    const home = await origin()
    expect(sent.filter(({ type }) => type === 'page').map((one) => one.properties)).toEqual([
      {
        url: `${home}/pricing?plan=a`,
        path: '/pricing',
        search: '?plan=a',
        referrer: '',
        title: '/pricing?plan=a',
      },
      {
        url: `${home}/cart`,
        path: '/cart',
        search: '',
        referrer: `${home}/pricing?plan=a`,
        title: 'Cart',
      },
      expect.objectContaining({ path: '/cart', topic: 'size' }),
      expect.objectContaining({ path: '/pricing', referrer: `${home}/cart` }),
    ])
    const identifiers = await shop.identifiersOf(cookie)
    expect(identifiers).toEqual([cookie, 'email:…', 'external_id:user:42'])
    const [set] = await page.context().cookies()
    expect(set).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', secure: false })
    expect((set?.expires ?? 0) - Date.now() / 1_000).toBeGreaterThan(390 * 24 * 60 * 60)
    expect(await page.evaluate('document.cookie + JSON.stringify(localStorage)')).toBe('{}')
    expect(await shop.messages()).toBe(did.length)
  })

  test('a marked form sends its contacts and what is marked, never a password', async () => {
    const shop = await openShop()
    const form = `<form data-selfsame="Signed Up" action="/thanks">
      <input name="Email" value="ana@example.com"><input name="phone" value="+351962714835">
      <input name="name" value="Ana"><input name="profile" value="p" data-selfsame-field><input name="pwd" data-selfsame-field value="secret3"><input name="pass" type="password" value="secret1" data-selfsame-field>
      <input name="password_shown" type="text" value="secret2" data-selfsame-field>
      <input name="plan_id" value="gold" data-selfsame-field="plan"><textarea name="why" data-selfsame-field>Yes</textarea>
      <input type="radio" name="size" value="s" data-selfsame-field>
      <input type="radio" name="size" value="m" data-selfsame-field checked><button>Go</button></form>
      <form action="/search"><input name="email" value="bea@example.com"><button id="other">Search</button></form>`
    await putPage('/thanks', stub(shop))
    await putPage('/search', stub(shop))
    const { page, sent } = await open(stub(shop), form)
    await page.click('#other')
    await page.waitForURL('**/search**')
    await page.goBack()
    await page.click('button')
    await page.waitForURL('**/thanks**')
    const cookie = await cookieOf(page)
    await shop.expectEvents(cookie, ['page', 'page', 'page', 'page', 'track Signed Up'])
    expect(sent.find(({ type }) => type === 'track')).toMatchObject({ event: 'Signed Up' })
    expect(sent.find(({ type }) => type === 'track')?.properties).toEqual({
      email: 'ana@example.com',
      phone: '+351962714835',
      profile: 'p',
      plan: 'gold',
      why: 'Yes',
      size: 'm',
    })
    expect(await shop.identifiersOf(cookie)).toEqual([cookie, 'email:…', 'phone:…'])
  })

  test('about the device it says nothing until that is consented to', async () => {
    const shop = await openShop()
    const { page, sent } = await open(stub(shop))
    const cookie = await cookieOf(page)
    expect(sent.map(({ context }) => Object.keys(context))).toEqual([['page']])
    expect(await shop.identifiersOf(cookie)).toEqual([cookie])
    await page.evaluate("selfsame('consent', true), selfsame('page', 'Help')")
    await shop.expectEvents(cookie, ['page', 'page Help'])
    expect(sent[1]?.context).toMatchObject({
      screen: { width: 1280, height: 720, density: 1 },
      timezone: 'Europe/Lisbon',
      locale: 'pt-PT',
      userAgentData: { platform: 'Linux' },
      gpu: expect.stringContaining('SwiftShader') as string,
    })
    const { page: again, sent: sentAgain } = await open(stub(shop, 'granted'))
    const other = await cookieOf(again)
    await shop.expectEvents(other, ['page'])
    expect(sentAgain[0]?.context).toEqual({ ...sent[1]?.context, page: sent[0]?.context['page'] })
    const signatures = await shop.signaturesOf(cookie)
    expect(signatures).toEqual([expect.stringContaining('screen+tz+lang+os+gpu')])
    expect(await shop.signaturesOf(other)).toEqual(signatures)
  })

  test.each(['denied', 'consent withdrawn', 'do not track'])(
    '%s: it sends nothing and sets nothing',
    async (how) => {
      const shop = await openShop()
      const context = await visitor({ dnt: how === 'do not track' })
      const reads = `<script>
      window.reads = []
      for (const [of, name] of [[HTMLCanvasElement.prototype, 'getContext'], [Storage.prototype, 'getItem'], [Storage.prototype, 'setItem']]) {
        const before = of[name]
        of[name] = function (...all) { reads.push(name); return before.apply(this, all) }
      }
    </script>`
      const said = how === 'denied' ? 'denied' : 'granted'
      const withdrawn =
        how === 'consent withdrawn' ? "<script>selfsame('consent', false)</script>" : ''
      const form = `<form data-selfsame="Signed Up" onsubmit="return false"><input name="email" value="a@example.com"><button>Go</button></form>`
      const { page, sent } = await open(reads + stub(shop, said) + withdrawn, form, context)
      await page.waitForFunction('selfsame.loaded')
      await page.evaluate(
        "selfsame('identify', '42'), selfsame('page'), history.pushState(null, '', '/cart')",
      )
      await page.click('button')
      if (how === 'do not track') await page.evaluate("selfsame('consent', true)")
      await page.waitForTimeout(1_000)
      expect(await page.evaluate('reads')).toEqual([])
      await page.goto('about:blank')
      expect(sent).toEqual([])
      expect(await context.cookies()).toEqual([])
      expect(await shop.messages()).toBe(0)
    },
  )

  test('consent given later lets it begin with the page that is open', async () => {
    const shop = await openShop()
    const { page, sent } = await open(stub(shop, 'denied'))
    await page.waitForFunction('selfsame.loaded')
    await page.evaluate("selfsame('track', 'Unseen'), selfsame('consent', true)")
    await shop.expectEvents(await cookieOf(page), ['page'])
    expect(sent[0]?.context).toHaveProperty('gpu')
  })

  test('the server was away for a while: nothing lost, nothing doubled, one visitor', async () => {
    const shop = await openShop()
    const context = await visitor()
    // The script stays in the browser for an hour.
    await (await context.newPage()).goto(await putPage('/before', stub(shop, 'denied')))
    await context.pages()[0]?.waitForFunction('selfsame.loaded')
    await shop.goAway()
    const { page } = await open(stub(shop), '', context)
    await page.waitForFunction('selfsame.loaded')
    const failed = page.waitForEvent('requestfailed')
    await page.evaluate("for (let i = 0; i < 50; i++) selfsame('track', 'Clicked ' + i)")
    await failed
    // Left before it could send: the next page has it, and what it makes itself.
    await page.goto(await putPage('/next', stub(shop)))
    await page.waitForFunction('selfsame.loaded')
    await page.evaluate("selfsame('track', 'Signed Up', { email: 'ana@example.com' })")
    await page.waitForEvent('requestfailed')
    const other = await context.newPage()
    await other.goto(await putPage('/tab', stub(shop)))
    await shop.comeBack()
    const clicks = Array.from({ length: 50 }, (_, i) => `track Clicked ${i}`)
    await shop.expectEvents('email:ana@example.com', [
      'page',
      'page',
      'page',
      ...clicks,
      'track Signed Up',
    ])
    expect(await shop.messages()).toBe(54)
    const cookie = await cookieOf(page)
    expect(await shop.identifiersOf(cookie)).toEqual([cookie, 'email:…'])
    await expect.poll(() => page.evaluate('localStorage.length'), { timeout: 20_000 }).toBe(0)
  })

  test('what a page has not sent yet goes as it is left, and again with the next one, and counts once', async () => {
    const shop = await openShop()
    const { page } = await open(stub(shop))
    const cookie = await cookieOf(page)
    await page.evaluate("selfsame('track', 'Clicked'), location.assign('about:blank')")
    await shop.expectEvents(cookie, ['page', 'track Clicked'])
    await page.goto(await putPage('/next', stub(shop)))
    await shop.expectEvents(cookie, ['page', 'track Clicked', 'page'])
    await expect.poll(() => page.evaluate('localStorage.length')).toBe(0)
    expect(await shop.messages()).toBe(3)
  })

  test('what it must wait for it waits for, and drops what will never be taken', async () => {
    const shop = await openShop()
    const answers = [429, 503, 500]
    const context = await visitor()
    const bodies: string[] = []
    await context.route('**/collect', async (route) => {
      const status = answers.shift()
      bodies.push(
        JSON.stringify((JSON.parse(route.request().postData() ?? '') as { batch: unknown }).batch),
      )
      if (status === undefined) return route.continue()
      const headers = {
        'access-control-allow-origin': await origin(),
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'retry-after',
        'retry-after': '2',
      }
      return route.fulfill({ status, headers })
    })
    const { page } = await open(stub(shop), '', context)
    await shop.expectEvents(await cookieOf(page), ['page'])
    expect(new Set(bodies).size).toBe(1)
    expect(bodies).toHaveLength(4)
    answers.push(400, 401, 403)
    for (const name of ['a', 'b', 'c']) {
      await page.evaluate(`selfsame('track', '${name}')`)
      await expect
        .poll(() => bodies.filter((one) => one.includes(`"event":"${name}"`)))
        .toHaveLength(1)
    }
    await page.evaluate(
      "const own = {}; own.own = own; selfsame('track', 'x', own), selfsame('track', 'last')",
    )
    await shop.expectEvents(await cookieOf(page), ['page', 'track last'])
    expect(bodies).toHaveLength(8)
  })
})

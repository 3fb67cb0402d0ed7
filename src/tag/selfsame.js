// The tag for pages: page views, identify, track and marked forms, sent to the server it was loaded from.
// Invariants: a message keeps its id and is kept until the server has it: none is lost, none counts twice. About the
// device goes only what was consented to; where tracking is refused nothing is read and nothing is sent.
;(() => {
  const script = document.currentScript
  if (!(script instanceof HTMLScriptElement) || window.selfsame?.loaded === true) return
  const { key: writeKey = '', consent: saidConsent } = script.dataset
  if (writeKey === '') return

  const COLLECT_URL = new URL('collect', script.src).href
  const KEPT_NAME = 'selfsame'
  const KEPT_MESSAGES_MAX = 500
  /** The server takes no larger ones. */
  const MESSAGE_CHARACTERS_MAX = 32000
  const BATCH_MESSAGES_MAX = 20
  /** What outlives its page may have 64 KiB; a character has at most three bytes. */
  const BATCH_CHARACTERS_MAX = 20000
  const GATHER_MS = 250
  const RETRY_MS_MIN = 1000
  const RETRY_MS_MAX = 60000
  const RETRY_AFTER_SECONDS_MAX = 300

  /** Undefined until it is known; then messages are sent, but nothing about the device. @type {boolean | undefined} */
  let consent = saidConsent === undefined ? undefined : saidConsent === 'granted'
  let started = false
  let [address, referrer] = ['', '']
  /** Messages the server has not confirmed, as JSON, oldest first. @type {string[]} */
  let queue = []
  /** Of these, what is on its way. @type {string[]} */
  let underWay = []
  /** Proposed while there is no cookie yet, so that all that is sent before the first answer is of one visitor. */
  let visitor = ''
  let timer = 0
  let failures = 0
  /** @type {string | undefined} */
  let gpu

  function isRefused() {
    const { doNotTrack, globalPrivacyControl } = navigator
    return consent === false || doNotTrack === '1' || globalPrivacyControl === true
  }

  /** @param {unknown} value @returns {value is string} */
  function isText(value) {
    return typeof value === 'string' && value !== ''
  }

  /** Not `randomUUID`: pages without https have none. */
  function uuid() {
    const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)))
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }

  /** What pages of this site left behind, this one too. */
  function kept() {
    try {
      const text = localStorage.getItem(KEPT_NAME) ?? ''
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as `keep` wrote it; else it throws here
      const said = /** @type {{ visitor?: unknown, messages: unknown[] }} */ (JSON.parse(text))
      return { proposed: said.visitor, messages: said.messages.filter(isText) }
    } catch {
      return { proposed: undefined, messages: [] }
    }
  }

  /** @param {string[]} messages */
  function keep(messages) {
    try {
      if (messages.length === 0) localStorage.removeItem(KEPT_NAME)
      else localStorage.setItem(KEPT_NAME, JSON.stringify({ visitor, messages }))
    } catch {
      // No storage, or no room in it: the page still has what it made itself.
    }
  }

  /** @param {Record<string, unknown>} message */
  function add(message) {
    if (isRefused()) return
    const timestamp = new Date().toISOString()
    const context = { page: here(), ...(consent === true && device()) }
    const text = JSON.stringify({ ...message, messageId: uuid(), timestamp, context })
    if (text.length > MESSAGE_CHARACTERS_MAX) return
    queue = [...queue, text].slice(-KEPT_MESSAGES_MAX)
    keep([...kept().messages, text].slice(-KEPT_MESSAGES_MAX))
    if (underWay.length === 0 && timer === 0) timer = window.setTimeout(send, GATHER_MS)
  }

  /** @param {string[]} messages */
  function batchOf(messages) {
    let characters = 0
    return messages.slice(0, BATCH_MESSAGES_MAX).filter((one, i) => {
      characters += one.length
      return i === 0 || characters <= BATCH_CHARACTERS_MAX
    })
  }

  /** @param {string[]} messages */
  function bodyOf(messages) {
    const rest = JSON.stringify({ writeKey, visitor, sentAt: new Date().toISOString() })
    return `{"batch":[${messages.join(',')}],${rest.slice(1)}`
  }

  async function send() {
    clearTimeout(timer)
    timer = 0
    if (underWay.length > 0 || queue.length === 0) return
    const batch = batchOf(queue)
    underWay = batch
    const wait = await post(bodyOf(batch))
    underWay = []
    if (wait === null) {
      failures = 0
      queue = queue.filter((one) => !batch.includes(one))
      keep(kept().messages.filter((one) => !batch.includes(one)))
    }
    if (queue.length > 0) timer = window.setTimeout(send, wait ?? 0)
  }

  /** Null when the server has it, or never will; else after how many ms to try again. @param {string} body */
  async function post(body) {
    let retryAfter = 0
    try {
      const keepalive = body.length < BATCH_CHARACTERS_MAX + 1000
      const init = { method: 'POST', body, keepalive }
      const { status, headers } = await fetch(COLLECT_URL, { ...init, credentials: 'include' })
      if (status !== 429 && status !== 408 && status < 500) return null
      retryAfter = Math.min(Number(headers.get('retry-after')) || 0, RETRY_AFTER_SECONDS_MAX)
    } catch {
      // Nobody answers.
    }
    const backOff = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** failures++)
    return Math.max(retryAfter * 1000, backOff) * (1 + Math.random() / 4)
  }

  /** Whether it arrives nobody tells: it stays kept, and the next page sends it again. */
  function leave() {
    const rest = batchOf(queue.filter((one) => !underWay.includes(one)))
    if (rest.length > 0) navigator.sendBeacon(COLLECT_URL, bodyOf(rest))
  }

  /** A fragment only where it is the page's route. */
  function addressNow() {
    const { origin, pathname, search, hash } = location
    return origin + pathname + search + (/^#[/!]/.test(hash) ? hash : '')
  }

  function here() {
    const { pathname: path, search } = location
    return { url: addressNow(), path, search, referrer, title: document.title }
  }

  function device() {
    const { width, height } = screen
    gpu = gpu ?? gpuRenderer()
    return {
      screen: { width, height, density: devicePixelRatio },
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: navigator.language,
      userAgentData: { platform: navigator.userAgentData?.platform },
      gpu,
    }
  }

  function gpuRenderer() {
    try {
      const gl = document.createElement('canvas').getContext('webgl')
      const names = gl?.getExtension('WEBGL_debug_renderer_info')
      const renderer = names && String(gl?.getParameter(names.UNMASKED_RENDERER_WEBGL))
      gl?.getExtension('WEBGL_lose_context')?.loseContext()
      return renderer ?? ''
    } catch {
      return ''
    }
  }

  /** @param {unknown} [name] @param {unknown} [properties] */
  function view(name, properties) {
    if (isRefused()) return
    add({ type: 'page', name, properties: Object.assign({}, here(), properties) })
  }

  function moved() {
    if (!started || isRefused() || addressNow() === address) return
    referrer = address
    address = addressNow()
    view()
  }

  /** Contacts, and what is marked; no passwords, not even those that are shown. @param {SubmitEvent} event */
  function submitted({ target }) {
    if (isRefused() || !(target instanceof HTMLFormElement)) return
    const name = target.dataset['selfsame']
    if (!isText(name)) return
    /** @type {Record<string, string>} */
    const properties = {}
    /** @type {NodeListOf<HTMLInputElement>} */
    const fields = target.querySelectorAll('input, select, textarea')
    for (const { dataset, type, name: called, id, autocomplete, checked, value } of fields) {
      const marked = dataset['selfsameField']
      if (marked === undefined && !/^(email|phone)$/i.test(called)) continue
      const words = [type, autocomplete, called, id].join(' ')
      if (/passw|passphrase|pwd|\bpass\b/i.test(words) || type === 'file') continue
      if ((type === 'checkbox' || type === 'radio') && !checked) continue
      properties[marked || called.toLowerCase()] = value
    }
    add({ type: 'track', event: name, properties })
  }

  function start() {
    if (started || isRefused()) return
    started = true
    const { proposed, messages } = kept()
    visitor = isText(proposed) ? proposed : uuid()
    queue = messages
    address = addressNow()
    referrer = document.referrer
    if (queue.length > 0) timer = window.setTimeout(send)
    // Before it is read a page may have no title.
    if (document.readyState !== 'loading') view()
    else document.addEventListener('DOMContentLoaded', () => view())
  }

  /** @type {Record<string, (a: unknown, b: unknown) => void>} */
  const CALLS = {
    page: view,
    track: (event, properties) => add({ type: 'track', event, properties }),
    identify: (who, traits) => {
      const said = typeof who === 'object' ? { traits: who } : { userId: who, traits }
      add({ type: 'identify', ...said })
    },
    consent: (given) => {
      consent = given === true
      if (isRefused()) keep((queue = []))
      else start()
    },
  }

  /** @type {Selfsame} */
  const selfsame = (name, a, b) => {
    try {
      CALLS[String(name)]?.(a, b)
    } catch (cause) {
      // An object that cannot be written down must not break the page.
      reportError(cause)
    }
  }
  selfsame.loaded = true
  const early = (window.selfsame?.q ?? []).map((call) => Array.from(call))
  window.selfsame = selfsame
  for (const call of early) if (call[0] === 'consent') selfsame(...call)
  if (isRefused()) keep([])
  start()
  for (const call of early) if (call[0] !== 'consent') selfsame(...call)

  const pushState = history.pushState.bind(history)
  history.pushState = (...state) => {
    pushState(...state)
    // Pages set their title after it.
    setTimeout(moved)
  }
  addEventListener('popstate', () => setTimeout(moved))
  addEventListener('pagehide', leave)
  addEventListener('online', () => void send())
  document.addEventListener('submit', submitted, { capture: true })
})()

// A stopwatch inside the page: from a click, a key or the navigation until something is drawn.
// Invariant: what counts as drawn has been in a whole frame, so a time is up to one frame too long, never too short.

import type { Page } from 'playwright-core'

export interface Drawn {
  readonly ms: number
  /** By the clock of the machine, which two browsers share. */
  readonly pressedAt: number
  readonly drawnAt: number
}

/** What was seen while somebody scrolled. */
export interface Scrolled {
  /** Ms between two frames. */
  readonly frames: readonly number[]
  /** Ms in which a part of what is in sight had no rows, each time that happened. */
  readonly blanks: readonly number[]
  /** Ms at the end of what was loaded, each time, until there was more. */
  readonly waits: readonly number[]
}

/** What has not been drawn by then never will be. */
const GIVE_UP_MS = 30_000

/** Put into every page before its own scripts. */
export const STOPWATCH = `globalThis.stopwatch = (() => {
  let began = null
  const press = (event) => { began ??= event.timeStamp }
  addEventListener('click', press, { capture: true })
  addEventListener('keydown', press, { capture: true })

  const until = (isThere) => new Promise((resolve, reject) => {
    const giveUpAt = performance.now() + ${GIVE_UP_MS}
    const look = () => {
      if (performance.now() > giveUpAt) return reject(new Error('not drawn at ' + location.hash + ': ' + isThere))
      if (began === null || !isThere()) return requestAnimationFrame(look)
      // The frame after it: that in which it was there is done.
      requestAnimationFrame(() => {
        const ms = performance.now() - began
        const drawnAt = Date.now()
        resolve({ ms, pressedAt: drawnAt - ms, drawnAt })
      })
    }
    requestAnimationFrame(look)
  })

  /** Of a list that has only the rows in sight in the page: whether all that is in sight is there. */
  const sightOf = (list) => {
    const { scrollTop: from, clientHeight } = list
    const end = list.firstElementChild.offsetHeight
    const rows = list.querySelectorAll('li')
    const to = Math.min(from + clientHeight, end)
    const [first, last] = [rows[0], rows[rows.length - 1]]
    const isWhole = first !== undefined && first.offsetTop <= from && last.offsetTop + last.offsetHeight >= to
    return { isWhole, isAtEnd: from + clientHeight >= end - 1 }
  }

  let watched = null
  return {
    sinceNavigation: (isThere) => { began = 0; return until(isThere) },
    sincePress: (isThere) => { began = null; return until(isThere) },
    jump: (selector, top) => {
      const list = document.querySelector(selector)
      began = performance.now()
      list.scrollTop = top
      return until(() => sightOf(list).isWhole)
    },
    watch: (selector) => {
      const list = document.querySelector(selector)
      const seen = { frames: [], blanks: [], waits: [] }
      let [last, blank, wait] = [performance.now(), null, null]
      watched = seen
      const look = () => {
        if (watched !== seen) return
        const now = performance.now()
        const { isWhole, isAtEnd } = sightOf(list)
        seen.frames.push(now - last)
        last = now
        if (isWhole && blank !== null) { seen.blanks.push(now - blank); blank = null }
        if (!isWhole) blank ??= now
        if (!isAtEnd && wait !== null) { seen.waits.push(now - wait); wait = null }
        if (isAtEnd) wait ??= now
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    },
    watched: () => { const seen = watched; watched = null; return seen },
  }
})()`

/** `what`: an expression of the page, looked at in every frame from the next press on. The answer waits for it. */
export async function armed(page: Page, what: string): Promise<() => Promise<Drawn>> {
  // A press may overtake what was asked before it, so it is asked that the watch runs.
  const n = await page.evaluate<number>(
    `(globalThis.armed ??= []).push(stopwatch.sincePress(() => ${what})) - 1`,
  )
  return () => page.evaluate<Drawn>(`armed[${n}]`)
}

export async function afterPress(
  page: Page,
  press: () => Promise<unknown>,
  what: string,
): Promise<Drawn> {
  const drawn = await armed(page, what)
  await press()
  return drawn()
}

/** Waits for it, whenever that began. */
export async function isThere(page: Page, what: string): Promise<Drawn> {
  return page.evaluate<Drawn>(`stopwatch.sinceNavigation(() => ${what})`)
}

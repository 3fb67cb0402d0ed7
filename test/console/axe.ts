// What axe finds wrong in a page for those who do not see it, or use no mouse.
import { createRequire } from 'node:module'

import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
}

/** Axe is put in from outside, which the policy of the pages forbids to everybody else. */
export const WITH_AXE = { bypassCSP: true } as const

export async function bringAxe(page: Page): Promise<void> {
  await page.addScriptTag({ path: AXE })
}

/** Serious faults and worse, in words. */
export async function axeFinds(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate<AxeResult>(
    'axe.run(document, { resultTypes: ["violations"] })',
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`))
}

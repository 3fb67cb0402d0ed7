// Whether an identifier is used by several people; then it joins nobody.

import type { Pass } from '../view/neighbours.ts'
import { isSharedContact, whyContactShared } from './shared-contact.ts'
import { isSharedCookie, whyCookieShared } from './shared-cookie.ts'
import type { ViewNode } from '../view/view.ts'

/** Why it is shared, for people to read; null when it is one person's. */
export function whyShared(pass: Pass, node: ViewNode): string | null {
  return node.type === 'cookie' ? whyCookieShared(pass, node) : whyContactShared(pass, node)
}

export function isShared(pass: Pass, node: ViewNode): boolean {
  return node.type === 'cookie' ? isSharedCookie(pass, node) : isSharedContact(pass, node)
}

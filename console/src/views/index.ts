// The views, in the order of the menu: what each is called, who may see it, and the key that leads there.

import type { ComponentType } from 'preact'

import type { Role } from '../state/state.ts'
import { Explain } from './explain.tsx'
import { Identifiers } from './identifiers.tsx'
import { Live } from './live.tsx'
import { Profile } from './profile/profile.tsx'
import { Review } from './review/review.tsx'
import { Runs } from './runs.tsx'
import { Search } from './search.tsx'
import { Visitors } from './visitors.tsx'

export interface View {
  /** As in the address. */
  readonly name: string
  readonly title: string
  readonly role: Role
  /** After "g". */
  readonly letter: string
  readonly inMenu: boolean
  readonly Content: ComponentType
}

const view = (
  name: string,
  title: string,
  letter: string,
  Content: ComponentType,
  more: Partial<View> = {},
): View => ({ name, title, letter, Content, role: 'reader', inMenu: true, ...more })

export const VIEWS: readonly View[] = [
  view('visitors', 'Visitors', 'v', Visitors),
  view('live', 'Live', 'l', Live),
  view('review', 'Review', 'r', Review, { role: 'steward' }),
  view('identifiers', 'Identifiers', 'i', Identifiers, { role: 'steward' }),
  view('runs', 'Runs', 'b', Runs),
  view('explain', 'Explain', 'e', Explain),
  view('search', 'Search', '', Search, { inMenu: false }),
  view('profile', 'Profile', '', Profile, { inMenu: false }),
]

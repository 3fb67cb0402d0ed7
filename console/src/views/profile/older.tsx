// How far back the timeline is loaded, and a button for what was before.

import { When } from '../../parts/when.tsx'
import { counted } from '../../parts/words.ts'
import type { Pages } from './use-pages.ts'

export function Older({ known, isLoading, older }: Pages) {
  if (known === null) return null
  const [first] = known.events
  return (
    <p class="more">
      {known.next !== null && (
        <button type="button" disabled={isLoading} onClick={older}>
          {isLoading ? 'Loading …' : 'Older events'}
        </button>
      )}{' '}
      <span class="quiet">
        {counted(known.events.length, 'event')}
        {known.next === null ? ', all there are' : ' so far'}
        {first !== undefined && (
          <>
            , since <When at={first.at} />
          </>
        )}
      </span>
    </p>
  )
}

// Something done again and again while a view is shown, and not while nobody looks at the tab.

import { useEffect } from 'preact/hooks'

/** Null: not at all. */
export function useEvery(ms: number | null, work: () => void): void {
  useEffect(() => {
    if (ms === null) return undefined
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') work()
    }, ms)
    return () => clearInterval(timer)
  }, [ms])
}

// Single keys as commands. None where somebody is typing, or in a dialog.

import { useEffect } from 'preact/hooks'

export function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true
  if (document.querySelector('dialog[open]') !== null) return true
  return target instanceof HTMLElement && target.matches('input, textarea, select')
}

/** By key: what it does while the view is shown. `of`: what that depends on. */
export function usePresses(
  deeds: Readonly<Record<string, () => unknown>>,
  of: readonly unknown[],
): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!Object.hasOwn(deeds, event.key) || isTyping(event)) return
      event.preventDefault()
      deeds[event.key]?.()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, of)
}

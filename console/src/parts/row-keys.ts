// Arrow keys from row to row, where each row is one link (`.row-link`); Enter opens it, as it does any link.

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

export function moveBetweenRows(
  event: KeyboardEvent & { readonly currentTarget: HTMLElement },
): void {
  const step = STEPS[event.key]
  if (step === undefined) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-link')]
  const at = links.findIndex((link) => link === document.activeElement)
  const to = at === -1 ? undefined : links[at + step]
  if (to === undefined) return
  event.preventDefault()
  to.focus()
}

// The colours of a graph, as the browser resolves their names for light or dark: WebGL knows no custom properties.

export interface Colours {
  readonly text: string
  readonly quiet: string
  readonly card: string
  readonly line: string
  readonly sides: readonly string[]
  readonly other: string
  readonly doubt: string
}

export function coloursOf(place: HTMLElement): Colours {
  const probe = place.appendChild(document.createElement('span'))
  const of = (name: string): string => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const colours = {
    text: of('--text'),
    quiet: of('--quiet'),
    card: of('--card'),
    line: of('--graph-line'),
    sides: [of('--side-a'), of('--side-b')],
    other: of('--graph-other'),
    doubt: of('--doubt'),
  }
  probe.remove()
  return colours
}

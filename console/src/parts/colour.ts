// A colour by its name in base.css, as the browser resolves it for light or dark: for what draws on a canvas.

/** The custom property itself holds both, so an element has to be asked. */
export function colourOf(place: HTMLElement, name: string): string {
  const probe = place.appendChild(document.createElement('span'))
  probe.style.color = `var(${name})`
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

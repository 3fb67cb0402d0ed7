// Text that fits the terminal without losing any of it: broken between words, within one only where it is too long.

const INDENT = '  '

/** Lines of a text, none wider than `width`, which is more than two; indented by two, the first one by `first`. */
export function wrapped(text: string, width: number, first: '' | typeof INDENT = INDENT): string[] {
  const lines: string[] = []
  let line = first
  let isNew = true
  for (const word of text.split(' ')) {
    const added = isNew ? word : ` ${word}`
    isNew = false
    if (line.length + added.length <= width) {
      line += added
      continue
    }
    if (line.trim() !== '') {
      lines.push(line.trimEnd())
      line = INDENT
    }
    for (let rest = word; ; line = INDENT) {
      const room = width - line.length
      if (rest.length <= room) {
        line += rest
        break
      }
      lines.push(line + rest.slice(0, room))
      rest = rest.slice(room)
    }
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()]
}

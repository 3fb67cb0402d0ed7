// Which part of a text is what was looked for, whatever its case and accents.

export interface Piece {
  readonly text: string
  readonly isFound: boolean
}

/** The text in pieces that add up to it. */
export function piecesOf(text: string, wanted: string): readonly Piece[] {
  const [folded, from] = foldedWithPlaces(text)
  const [looked] = foldedWithPlaces(wanted.trim())
  if (looked === '') return [{ text, isFound: false }]
  const pieces: Piece[] = []
  let done = 0
  for (
    let at = folded.indexOf(looked);
    at !== -1;
    at = folded.indexOf(looked, at + looked.length)
  ) {
    const start = from[at] ?? text.length
    const end = from[at + looked.length] ?? text.length
    // What is found within one character is that character.
    if (end <= start || start < done) continue
    pieces.push({ text: text.slice(done, start), isFound: false })
    pieces.push({ text: text.slice(start, end), isFound: true })
    done = end
  }
  pieces.push({ text: text.slice(done), isFound: false })
  return pieces.filter((piece) => piece.text !== '')
}

/** Folded, and of each of its characters where in the text that began. */
function foldedWithPlaces(text: string): readonly [string, readonly number[]] {
  let folded = ''
  const from: number[] = []
  let at = 0
  for (const character of text) {
    const plain = character.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
    for (let i = 0; i < plain.length; i++) from.push(at)
    folded += plain
    at += character.length
  }
  return [folded, from]
}

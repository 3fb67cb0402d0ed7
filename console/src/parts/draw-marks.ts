// What lies above the drawn graph: a letter for the type, rings around what was chosen, words that never cover each other.

import type { Sigma } from 'sigma'

import type { LineLook, NodeLook } from './build-graph.ts'
import type { Colours } from './graph-colours.ts'
import { shortened } from './words.ts'

type Drawing = Sigma<NodeLook, LineLook>

export interface Marks {
  readonly doubtful: readonly [string, string] | null
  readonly chosen: ReadonlySet<string>
  /** The node or the two ends that are looked at. */
  readonly looked: readonly string[]
  readonly hovered: string | null
}

const LETTERS: Readonly<Record<string, string>> = {
  cookie: 'c',
  email: '@',
  phone: 'p',
  external_id: 'id',
}
/** Below such a radius a letter could not be read. */
const LETTER_FROM_PX = 6.5
const FONT = 'system-ui, sans-serif'
/** Words are kept apart by squares of so many pixels. */
const CELL_PX = 6
const LINE_PX = 13
const END_CHARACTERS = 4
/** Where the words of a line may stand: at its middle, else a little above or below. */
const BESIDE_PX = [0, -18, 18, -36, 36, -54, 54]
const ABOVE_PX = -24

interface Point {
  readonly x: number
  readonly y: number
  readonly r: number
}

export function drawMarks(
  sigma: Drawing,
  canvas: CanvasRenderingContext2D,
  colours: Colours,
  marks: Marks,
): void {
  const { width, height } = sigma.getDimensions()
  canvas.clearRect(0, 0, width, height)
  const points = pointsOf(sigma)
  const taken = new Taken(width, height)
  if (marks.doubtful !== null) dashed(canvas, points, marks.doubtful, colours)
  for (const [node, point] of points) {
    const { type, side } = sigma.getGraph().getNodeAttributes(node)
    taken.take(point.x - point.r, point.y - point.r, point.r * 2, point.r * 2)
    if (side !== 'witness') letter(canvas, point, LETTERS[type] ?? type.slice(0, 1), colours)
    if (marks.chosen.has(node)) ring(canvas, point, colours.doubt)
    if (marks.looked.includes(node)) ring(canvas, point, colours.text)
  }
  edgeWordsOf(sigma, canvas, points, colours, marks, taken)
  for (const node of inOrder(sigma, points, marks))
    name(canvas, points.get(node), nameOf(node, marks), colours, taken)
}

/** Of many cookies beginning and end tell them apart; whoever is looked at has more of it. */
function nameOf(node: string, { looked, hovered }: Marks): string {
  const text = shortened(node)
  if (!node.startsWith('cookie:') || node === hovered || looked.includes(node)) return text
  const value = node.slice('cookie:'.length)
  return value.length > 2 * END_CHARACTERS + 1
    ? `${value.slice(0, END_CHARACTERS)}…${value.slice(-END_CHARACTERS)}`
    : value
}

function pointsOf(sigma: Drawing): ReadonlyMap<string, Point> {
  const points = new Map<string, Point>()
  sigma.getGraph().forEachNode((node) => {
    const shown = sigma.getNodeDisplayData(node)
    if (shown === undefined) return
    const { x, y } = sigma.framedGraphToViewport(shown)
    points.set(node, { x, y, r: sigma.scaleSize(shown.size) })
  })
  return points
}

/** Which names come first where there is no room for all. */
function inOrder(
  sigma: Drawing,
  points: ReadonlyMap<string, Point>,
  { chosen, looked, hovered }: Marks,
): readonly string[] {
  const graph = sigma.getGraph()
  const rank = (node: string): number => {
    if (node === hovered || looked.includes(node)) return 0
    if (chosen.has(node)) return 1
    const { side, type } = graph.getNodeAttributes(node)
    if (side === 'witness') return 5
    if (side === 'other') return 4
    return type === 'cookie' ? 3 : 2
  }
  const ranked = [...points.keys()].map((node) => [rank(node), node] as const)
  // Witnesses are many and say little: the one that is looked at is named.
  return ranked
    .filter(([first]) => first < 5)
    .toSorted(([x], [y]) => x - y)
    .map(([, node]) => node)
}

function letter(
  canvas: CanvasRenderingContext2D,
  { x, y, r }: Point,
  text: string,
  colours: Colours,
): void {
  if (r < LETTER_FROM_PX) return
  canvas.font = `600 ${Math.round(r * 1.15)}px ${FONT}`
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  canvas.fillStyle = colours.card
  canvas.fillText(text, x, y + 0.5)
}

function ring(canvas: CanvasRenderingContext2D, { x, y, r }: Point, colour: string): void {
  canvas.beginPath()
  canvas.arc(x, y, r + 3.5, 0, Math.PI * 2)
  canvas.lineWidth = 2.5
  canvas.strokeStyle = colour
  canvas.stroke()
}

function dashed(
  canvas: CanvasRenderingContext2D,
  points: ReadonlyMap<string, Point>,
  [a, b]: readonly [string, string],
  colours: Colours,
): void {
  const [from, to] = [points.get(a), points.get(b)]
  if (from === undefined || to === undefined) return
  canvas.save()
  canvas.setLineDash([8, 6])
  canvas.lineWidth = 3.5
  canvas.strokeStyle = colours.doubt
  canvas.beginPath()
  canvas.moveTo(from.x, from.y)
  canvas.lineTo(to.x, to.y)
  canvas.stroke()
  canvas.restore()
}

function edgeWordsOf(
  sigma: Drawing,
  canvas: CanvasRenderingContext2D,
  points: ReadonlyMap<string, Point>,
  colours: Colours,
  { doubtful, looked, hovered }: Marks,
  taken: Taken,
): void {
  if (doubtful !== null) between(canvas, points, doubtful, 'one person?', colours, taken)
  sigma.getGraph().forEachEdge((_edge, line, from, to) => {
    const isLooked = looked.includes(from) && looked.includes(to)
    const isHovered = line.holds && (from === hovered || to === hovered)
    if (!line.isWeakest && !isLooked && !isHovered) return
    const text = line.isWeakest ? `weakest link: ${line.words}` : line.words
    between(canvas, points, [from, to], text, colours, taken)
  })
}

function between(
  canvas: CanvasRenderingContext2D,
  points: ReadonlyMap<string, Point>,
  [a, b]: readonly [string, string],
  text: string,
  colours: Colours,
  taken: Taken,
): void {
  const [from, to] = [points.get(a), points.get(b)]
  if (from === undefined || to === undefined) return
  canvas.font = `600 11px ${FONT}`
  const width = canvas.measureText(text).width + 8
  const place = BESIDE_PX.map(
    (beside) => [(from.x + to.x - width) / 2, (from.y + to.y - LINE_PX) / 2 - 2 + beside] as const,
  ).find(([left, top]) => taken.takeIfFree(left, top, width, LINE_PX + 4))
  // Where nothing is free they cover what is least: these words are what one looks for.
  const [x, y] = place ?? [(from.x + to.x - width) / 2, (from.y + to.y - LINE_PX) / 2 + ABOVE_PX]
  canvas.fillStyle = colours.card
  canvas.fillRect(x, y, width, LINE_PX + 4)
  canvas.textAlign = 'left'
  canvas.textBaseline = 'middle'
  canvas.fillStyle = colours.doubt
  canvas.fillText(text, x + 4, y + LINE_PX / 2 + 2)
}

/** To the right of its node, else to the left, else below; where nothing is free, nowhere. */
function name(
  canvas: CanvasRenderingContext2D,
  point: Point | undefined,
  text: string,
  colours: Colours,
  taken: Taken,
): void {
  if (point === undefined) return
  canvas.font = `12px ${FONT}`
  const width = canvas.measureText(text).width
  const { x, y, r } = point
  const places = [
    [x + r + 5, y - LINE_PX / 2],
    [x - r - 5 - width, y - LINE_PX / 2],
    [x - width / 2, y + r + 3],
  ] as const
  const place = places.find(([left, top]) => taken.takeIfFree(left, top, width, LINE_PX))
  if (place === undefined) return
  canvas.textAlign = 'left'
  canvas.textBaseline = 'middle'
  canvas.lineWidth = 3
  canvas.strokeStyle = colours.card
  canvas.strokeText(text, place[0], place[1] + LINE_PX / 2)
  canvas.fillStyle = colours.text
  canvas.fillText(text, place[0], place[1] + LINE_PX / 2)
}

/** Which squares of the picture have something on them. */
class Taken {
  readonly #columns: number
  readonly #rows: number
  readonly #cells: Uint8Array

  constructor(width: number, height: number) {
    this.#columns = Math.ceil(width / CELL_PX) + 1
    this.#rows = Math.ceil(height / CELL_PX) + 1
    this.#cells = new Uint8Array(this.#columns * this.#rows)
  }

  take(x: number, y: number, width: number, height: number): void {
    for (const cell of this.#under(x, y, width, height) ?? []) this.#cells[cell] = 1
  }

  /** False outside of the picture, too. */
  takeIfFree(x: number, y: number, width: number, height: number): boolean {
    const under = this.#under(x, y, width, height)
    if (under === null || under.some((cell) => this.#cells[cell] === 1)) return false
    for (const cell of under) this.#cells[cell] = 1
    return true
  }

  #under(x: number, y: number, width: number, height: number): readonly number[] | null {
    const [left, right] = [Math.floor(x / CELL_PX), Math.floor((x + width) / CELL_PX)]
    const [top, bottom] = [Math.floor(y / CELL_PX), Math.floor((y + height) / CELL_PX)]
    if (left < 0 || top < 0 || right >= this.#columns || bottom >= this.#rows) return null
    const cells: number[] = []
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) cells.push(row * this.#columns + column)
    return cells
  }
}

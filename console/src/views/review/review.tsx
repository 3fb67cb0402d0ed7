// The steward's desk: the queue, the question that is open, and what was decided.

import { useEffect } from 'preact/hooks'

import { usePresses } from '../../parts/presses.ts'
import { Empty } from '../../parts/shown.tsx'
import { useStateOf } from '../../state/state.ts'
import { useQuestions } from '../../state/questions.ts'
import { Decided } from './decided.tsx'
import { neighbourOf, open } from './desk.ts'
import { Question } from './question.tsx'
import { Queue } from './queue.tsx'

export function Review() {
  const place = useStateOf((now) => now.place)
  const isDecided = place.query['status'] === 'decided'
  return (
    <>
      <div class="head">
        <h1>Review</h1>
        <nav class="tabs" aria-label="Which questions">
          <a href="#/review" aria-current={isDecided ? undefined : 'true'}>
            Open
          </a>
          <a href="#/review?status=decided" aria-current={isDecided ? 'true' : undefined}>
            Decided
          </a>
        </nav>
        <span class="quiet end">
          Are two profiles one person? Press <kbd>?</kbd> for the keys.
        </span>
      </div>
      {isDecided ? <Decided /> : <Open id={place.id} />}
    </>
  )
}

function Open({ id }: { readonly id: string | null }) {
  const { rows, isWhole, error } = useQuestions()
  const first = useStateOf(() => neighbourOf(null))
  // The first one opens by itself where there is room for both.
  useEffect(() => {
    if (id === null && first !== null && innerWidth > 1_000) open(first)
  }, [id, first])
  const step = (by: 1 | -1): void => {
    const next = neighbourOf(id, by)
    if (next !== null) open(next)
  }
  usePresses({ ArrowDown: () => step(1), j: () => step(1), ArrowUp: () => step(-1) }, [id])
  if (rows.length === 0 && isWhole && id === null) {
    return (
      <Empty>
        Nothing to decide. Questions come from what messages leave open, and from every run.
      </Empty>
    )
  }
  return (
    <div class={`desk ${id === null ? 'has-none' : 'has-one'}`}>
      {error !== null && <p class="problem">{error}</p>}
      <Queue at={id} />
      {id === null ? <Empty>Choose a question.</Empty> : <Question key={id} id={id} />}
    </div>
  )
}

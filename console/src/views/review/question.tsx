// One question: are these two profiles one person? Both sides, the evidence, what an answer would do, and the answer.

import type { Ref } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

import type { ReviewDetailAnswer } from 'selfsame/client'

import { Evidence } from '../../parts/evidence.tsx'
import { usePresses } from '../../parts/presses.ts'
import { Shown } from '../../parts/shown.tsx'
import { percent } from '../../parts/words.ts'
import { client } from '../../state/client.ts'
import { useLoaded, type Wanted } from '../../state/loaded.ts'
import { say } from '../../state/notices.ts'
import { replace } from '../../state/questions.ts'
import { useStateOf } from '../../state/state.ts'
import { Around } from './around.tsx'
import {
  changeDesk,
  claim,
  decide,
  leaveAtOnce,
  letGo,
  neighbourOf,
  skip,
  undoLast,
  type Verdict,
} from './desk.ts'
import { Implied, Outcome, Second } from './outcome.tsx'
import { Sides } from './sides.tsx'

const NOTE_CHARACTERS_MAX = 2_000
/** A claim lasts three minutes; one who looks longer keeps it. */
const CLAIM_AGAIN_MS = 60_000

function wantedQuestion(id: string): Wanted<ReviewDetailAnswer> {
  return {
    name: `review/${id}`,
    load: async () => {
      const review = await client.review(id)
      // The queue learns from it who is looking.
      replace(review)
      return review
    },
    // An answer goes with the revisions of both profiles: those that are shown must be those of now.
    concerns: ({ review, profile, from }, known) =>
      review === id ||
      [profile, ...from].some((one) => one === known?.a.profile || one === known?.b.profile),
  }
}

export function Question({ id }: { readonly id: string }) {
  const loaded = useLoaded(wantedQuestion(id))
  // So that the next one is there when this one is answered.
  const next = useStateOf(() => neighbourOf(id))
  useLoaded(next === null ? null : wantedQuestion(next))
  const [taken, setTaken] = useState<string | null>(null)
  useEffect(() => {
    const hold = (): void => void claim(id).then(setTaken)
    const leave = (): void => leaveAtOnce(id)
    hold()
    const holding = setInterval(hold, CLAIM_AGAIN_MS)
    addEventListener('pagehide', leave)
    return () => {
      clearInterval(holding)
      removeEventListener('pagehide', leave)
      void letGo(id)
    }
  }, [id])
  return (
    <article class="question" id={id}>
      {loaded.value === null && <Early />}
      <Shown of={loaded}>{(review) => <Asked review={review} taken={taken} />}</Shown>
    </article>
  )
}

function askToWait(): void {
  say('It is still loading; look at it before you answer.', 'failed')
}

/** An answer to what is not shown yet is none, and is not dropped in silence. */
function Early() {
  usePresses({ s: askToWait, d: askToWait }, [])
  return null
}

function Asked({
  review,
  taken,
}: {
  readonly review: ReviewDetailAnswer
  readonly taken: string | null
}) {
  return (
    <>
      <section class="card question-head" aria-label="The question">
        <h2>Are these two one person?</h2>
        <p>
          {review.probability !== null && (
            <b class="question-probability">{percent(review.probability)}</b>
          )}{' '}
          {review.reason}
        </p>
        <Implied of={review} />
        <Second of={review} />
        {taken !== null && review.status === 'open' && (
          <p class="problem" role="alert">
            {taken}
          </p>
        )}
        {review.status === 'open' ? (
          <Answers review={review} isTaken={taken !== null} />
        ) : (
          <DecidedNow review={review} />
        )}
      </section>
      <Sides review={review} />
      <section class="card" aria-label="Evidence">
        <h2>What speaks for it and against it</h2>
        {review.explanation === null ? (
          <p class="quiet">Nothing more is known.</p>
        ) : (
          <Evidence of={review.explanation} />
        )}
      </section>
      <Outcome of={review} />
      <Around review={review} />
    </>
  )
}

function Answers({
  review,
  isTaken,
}: {
  readonly review: ReviewDetailAnswer
  readonly isTaken: boolean
}) {
  const { note, isBusy } = useStateOf((now) => now.desk)
  const field = useRef<HTMLTextAreaElement>(null)
  const answer = (verdict: Verdict): void => {
    if (!isTaken) void decide(review, verdict)
  }
  const deeds = {
    s: () => answer('same'),
    d: () => answer('different'),
    k: () => skip(review.id),
    n: () => field.current?.focus(),
    u: undoLast,
  }
  usePresses(deeds, [review, isTaken])
  const isOff = isTaken || isBusy
  return (
    <div class="answers">
      <div class="buttons">
        <button type="button" class="primary" disabled={isOff} onClick={() => answer('same')}>
          Same <kbd>s</kbd>
        </button>
        <button type="button" disabled={isOff} onClick={() => answer('different')}>
          Different <kbd>d</kbd>
        </button>
        <button type="button" onClick={() => void skip(review.id)}>
          Skip <kbd>k</kbd>
        </button>
        <button type="button" onClick={() => void undoLast()}>
          Undo last <kbd>u</kbd>
        </button>
      </div>
      <Note field={field} note={note} />
    </div>
  )
}

function Note({
  field,
  note,
}: {
  readonly field: Ref<HTMLTextAreaElement>
  readonly note: string
}) {
  return (
    <label class="note">
      <span class="quiet">
        Note <kbd>n</kbd>
      </span>
      <textarea
        ref={field}
        rows={1}
        maxLength={NOTE_CHARACTERS_MAX}
        value={note}
        placeholder="why, for whoever asks later"
        onInput={({ currentTarget }) => changeDesk({ note: currentTarget.value })}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.blur()
        }}
      />
    </label>
  )
}

function DecidedNow({ review }: { readonly review: ReviewDetailAnswer }) {
  const { decision, status } = review
  usePresses({ u: undoLast }, [])
  if (decision === null) return <p class="quiet">Nobody asks this any more ({status}).</p>
  return (
    <p class="because">
      <b>{decision.author}</b> has decided: <b>{decision.verdict}</b>
      {decision.note === '' ? '' : `, “${decision.note}”`}. It can be undone under Decided, or with{' '}
      <kbd>u</kbd> if that was you just now.
    </p>
  )
}

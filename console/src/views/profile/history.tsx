// What was done to the profile and why: merges, splits, confirmations; and decisions of stewards that stand.

import type { HistoryAnswer, ReviewAnswer } from 'selfsame/client'

import { More } from '../../parts/more.tsx'
import { IdentifierName, ProfileName } from '../../parts/names.tsx'
import { Empty, Shown } from '../../parts/shown.tsx'
import { When } from '../../parts/when.tsx'
import { client } from '../../state/client.ts'
import { useLoaded } from '../../state/loaded.ts'
import { useHistory } from './asked.ts'
import type { Part } from './part.ts'

type Change = HistoryAnswer['changes'][number]

export function History(part: Part) {
  return (
    <div class="profile-columns">
      <section class="card" aria-labelledby="history-title">
        <h2 id="history-title">History</h2>
        <Shown of={useHistory(part.profile.id)}>
          {({ changes }) =>
            changes.length === 0 ? (
              <Empty>Nothing has happened to it yet.</Empty>
            ) : (
              <More of={changes.toReversed()} what="changes">
                {(some) => (
                  <ol class="changes">
                    {some.map((change) => (
                      <Changed key={change.sequence} change={change} />
                    ))}
                  </ol>
                )}
              </More>
            )
          }
        </Shown>
      </section>
      <section class="card" aria-labelledby="decisions-title">
        <h2 id="decisions-title">Decisions that stand</h2>
        {part.act === null ? (
          <Empty>Decisions are shown to stewards.</Empty>
        ) : (
          <Decisions {...part} />
        )}
      </section>
    </div>
  )
}

const EVENTS: Readonly<Record<Change['event'], string>> = {
  created: 'Created',
  merged: 'Merged',
  split: 'Split',
  updated: 'Updated',
  confirmed: 'Confirmed',
}

function Changed({ change }: { readonly change: Change }) {
  return (
    <li class={`change is-${change.event}`}>
      <span class="change-head">
        <b>{EVENTS[change.event]}</b>
        <span class="quiet">
          revision {change.revision}, <When at={change.at} />
        </span>
      </span>
      <span>{change.reason}</span>
      {change.from.length > 0 && (
        <span class="change-from">
          {change.event === 'split' ? 'out of ' : 'took in '}
          {change.from.map((id) => (
            <ProfileName key={id} id={id} />
          ))}
        </span>
      )}
    </li>
  )
}

/** Decisions that are looked through, in pages of what the server gives at once. */
const PAGES_MAX = 5
const PAGE_DECISIONS = 200

interface Decided {
  readonly reviews: readonly ReviewAnswer[]
  /** Older decisions were not looked at. */
  readonly isMore: boolean
}

async function decidedOn(id: string): Promise<Decided> {
  const found: ReviewAnswer[] = []
  let after: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const { reviews, next } = await client.reviews({
      status: 'decided',
      limit: PAGE_DECISIONS,
      after,
    })
    found.push(...reviews.filter(({ a, b }) => a.profile === id || b.profile === id))
    if (next === null) return { reviews: found, isMore: false }
    after = next
  }
  return { reviews: found, isMore: true }
}

function Decisions({ profile: { id }, act }: Part) {
  const decided = useLoaded({
    name: `decisions ${id}`,
    load: () => decidedOn(id),
    concerns: ({ type, profile, from }) =>
      profile === id || from.includes(id) || type === 'review.decided' || type === 'review.undone',
  })
  return (
    <Shown of={decided}>
      {({ reviews, isMore }) => (
        <>
          {reviews.length === 0 ? (
            <Empty>No steward has decided anything about it.</Empty>
          ) : (
            <ol class="changes">
              {reviews.map((review) => (
                <Decision
                  key={review.id}
                  review={review}
                  undo={act === null ? null : () => act({ kind: 'undo', review })}
                />
              ))}
            </ol>
          )}
          {isMore && (
            <p class="quiet">
              Only the latest {PAGES_MAX * PAGE_DECISIONS} decisions were looked through.
            </p>
          )}
        </>
      )}
    </Shown>
  )
}

function Decision({
  review: { a, b, decision },
  undo,
}: {
  readonly review: ReviewAnswer
  readonly undo: (() => void) | null
}) {
  if (decision === null) return null
  return (
    <li class="change">
      <span class="change-head">
        <b>{decision.verdict === 'same' ? 'Same' : 'Different'}</b>
        <span class="quiet">
          {decision.author}, <When at={decision.at} />
        </span>
      </span>
      <span>
        <IdentifierName text={a.identifier} /> and <IdentifierName text={b.identifier} />
      </span>
      {decision.note !== '' && <span>“{decision.note}”</span>}
      {undo !== null && (
        <span>
          <button type="button" class="small" onClick={undo}>
            Take back …
          </button>
        </span>
      )}
    </li>
  )
}

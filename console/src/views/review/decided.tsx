// What was decided, the latest first, each to be taken back.

import { useState } from 'preact/hooks'

import type { ReviewAnswer } from 'selfsame/client'

import { IdentifierName } from '../../parts/names.tsx'
import { Empty, Shown } from '../../parts/shown.tsx'
import { When } from '../../parts/when.tsx'
import { client } from '../../state/client.ts'
import type { FeedEvent } from '../../state/state.ts'
import { useLoaded } from '../../state/loaded.ts'
import { undo } from './desk.ts'

const PAGE = 100

export function Decided() {
  const [pages, setPages] = useState<readonly (string | null)[]>([null])
  return (
    <>
      {pages.map((after, n) => (
        <Page
          key={after ?? ''}
          after={after}
          more={n === pages.length - 1 ? (next) => setPages([...pages, next]) : null}
        />
      ))}
    </>
  )
}

function Page({
  after,
  more,
}: {
  readonly after: string | null
  readonly more: ((next: string) => void) | null
}) {
  const loaded = useLoaded({
    name: `reviews/decided/${after ?? ''}`,
    load: () => client.reviews({ status: 'decided', limit: PAGE, after: after ?? undefined }),
    concerns: ({ type }: FeedEvent) => type.startsWith('review.'),
  })
  return (
    <Shown of={loaded}>
      {({ reviews, next }) => (
        <>
          {reviews.length === 0 && after === null && <Empty>Nothing was decided yet.</Empty>}
          {reviews.length > 0 && <Table reviews={reviews} />}
          {next !== null && more !== null && (
            <button type="button" onClick={() => more(next)}>
              Earlier decisions
            </button>
          )}
        </>
      )}
    </Shown>
  )
}

function Table({ reviews }: { readonly reviews: readonly ReviewAnswer[] }) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th>Decision</th>
          <th>Between</th>
          <th>Why</th>
          <th>By</th>
          <th>When</th>
          <th>
            <span class="unseen">Undo</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {reviews.map(({ id, a, b, decision }) => (
          <tr key={id}>
            <td>
              <span class={`badge verdict-${decision?.verdict ?? ''}`}>{decision?.verdict}</span>
            </td>
            <td data-label="Between">
              <IdentifierName text={a.identifier} /> and <IdentifierName text={b.identifier} />
            </td>
            <td>{decision?.note}</td>
            <td data-label="By">{decision?.author}</td>
            <td>
              <When at={decision?.at ?? null} />
            </td>
            <td>
              <button type="button" onClick={() => void undo(id)}>
                Undo
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

// What either answer would do: who would be whom, what moves, which values change; what others have said that bears on it.

import type { ReviewDetailAnswer } from 'selfsame/client'

import { ProfileName } from '../../parts/names.tsx'
import { count, counted } from '../../parts/words.ts'
import { When } from '../../parts/when.tsx'

type Previewed = NonNullable<ReviewDetailAnswer['preview']>

export function Outcome({ of: { preview } }: { readonly of: ReviewDetailAnswer }) {
  if (preview === null) return null
  return (
    <section class="card either" aria-label="What an answer would do">
      <div>
        <h2>If they are the same</h2>
        <Groups of={preview.same.profiles} />
        <Downstream of={preview.same} />
      </div>
      <div>
        <h2>If they are different</h2>
        <Groups of={preview.different.profiles} />
        <p class="quiet">
          They stay apart, whatever messages say later, until somebody undoes it. No id changes.
        </p>
      </div>
    </section>
  )
}

function Groups({ of }: { readonly of: Previewed['different']['profiles'] }) {
  return (
    <ul class="plain">
      {of.map(({ identifiers, size }) => (
        <li key={identifiers[0] ?? ''}>
          a profile of <b>{counted(size, 'identifier')}</b>
        </li>
      ))}
    </ul>
  )
}

function Downstream({ of }: { readonly of: Previewed['same'] }) {
  const events = `${count(of.events_moved)}${of.events_moved_more ? ' or more' : ''}`
  return (
    <ul class="plain">
      {of.gives_way.map((id) => (
        <li key={id}>
          <ProfileName id={id} /> gives way
          {of.survives !== null && (
            <>
              {' '}
              to <ProfileName id={of.survives} />
            </>
          )}
          ; whoever asks for it is answered with the other
        </li>
      ))}
      {of.events_moved > 0 && <li>{events} messages come to the other profile</li>}
      {of.golden_changes.map(({ attribute, before, after }) => (
        <li key={attribute}>
          {attribute.replaceAll('_', ' ')}: <del>{textOf(before)}</del> → <ins>{textOf(after)}</ins>
        </li>
      ))}
      {of.settles.length > 0 && (
        <li>{counted(of.settles.length, 'other question')} would not be asked any more</li>
      )}
    </ul>
  )
}

function textOf(value: string | readonly string[] | null): string {
  if (value === null) return 'nothing'
  return typeof value === 'string' ? value : value.join(', ')
}

/** Where it takes two stewards. */
export function Second({ of: { second } }: { readonly of: ReviewDetailAnswer }) {
  if (second === null) return null
  return (
    <p class="because">
      Together they hold so much that “same” takes two stewards (from {count(second.from)}{' '}
      identifiers on).{' '}
      {second.by === null ? (
        'Nobody has said it yet.'
      ) : (
        <>
          <b>{second.by}</b> has said it, <When at={second.at} />
          {second.note === null || second.note === '' ? '' : `: “${second.note}”`}.
        </>
      )}
    </p>
  )
}

/** Where earlier verdicts answer it already: A is B and B is not C, so A is not C. */
export function Implied({ of: { implied } }: { readonly of: ReviewDetailAnswer }) {
  if (implied === null) return null
  return (
    <div class="because">
      <p>
        Earlier verdicts say <b>{implied.verdict}</b> already; the opposite would be refused:
      </p>
      <ol>
        {implied.chain.map(({ id, verdict, author, at, note }) => (
          <li key={id}>
            {verdict}, by {author} <When at={at} />
            {note === '' ? '' : `: “${note}”`}
          </li>
        ))}
      </ol>
    </div>
  )
}

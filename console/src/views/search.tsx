// Who is meant by a text. Exactly that id or identifier comes first; the rest is what the last run knew.

import { useEffect } from 'preact/hooks'

import type { SearchAnswer } from 'selfsame/client'

import { Kind, Standing } from '../parts/badges.tsx'
import { moveBetweenRows } from '../parts/row-keys.ts'
import { Empty, Shown } from '../parts/shown.tsx'
import { counted } from '../parts/words.ts'
import { client } from '../state/client.ts'
import { useLoaded } from '../state/loaded.ts'
import { hashOf, stay } from '../state/place.ts'
import { useStateOf } from '../state/state.ts'
import { piecesOf } from './search/marks.ts'

type Result = SearchAnswer['results'][number]

export function Search() {
  const q = useStateOf((now) => now.place.query['q'] ?? '').trim()
  const found = useLoaded(
    q === ''
      ? null
      : {
          name: `search ${q}`,
          load: () => client.search(q),
          concerns: ({ type }) => type === 'run.finished',
        },
  )
  return (
    <>
      <header class="head">
        <h1>Search</h1>
        {q !== '' && <span class="quiet">“{q}”</span>}
      </header>
      {q === '' ? <Examples /> : <Shown of={found}>{(answer) => <Results of={answer} />}</Shown>}
    </>
  )
}

const GROUPS: readonly (readonly [title: string, isIn: (one: Result) => boolean])[] = [
  ['Exactly that', ({ exact }) => exact],
  ['Names', ({ exact, matched }) => !exact && matched.what === 'name'],
  ['Contacts', ({ exact, matched }) => !exact && matched.what === 'contact'],
  ['Identifiers', ({ exact, matched }) => !exact && matched.what === 'identifier'],
  ['Profiles', ({ exact, matched }) => !exact && matched.what === 'profile'],
]

function Results({ of: { query, results, run } }: { readonly of: SearchAnswer }) {
  const only = results.length === 1 && results[0]?.exact === true ? results[0].profile : null
  useEffect(() => {
    // In the place of the search, so that the way back leads to before it.
    if (only !== null) stay(hashOf('profile', only))
  }, [only])
  return (
    <>
      {results.length === 0 && <Nobody of={query} />}
      <div onKeyDown={moveBetweenRows}>
        {GROUPS.map(([title, isIn]) => {
          const members = results.filter(isIn)
          return members.length === 0 ? null : (
            <section key={title} class="card found-group" aria-label={title}>
              <h2>{title}</h2>
              <ul class="found">
                {members.map((one) => (
                  <Found key={one.profile} of={one} query={query} />
                ))}
              </ul>
            </section>
          )
        })}
      </div>
      <p class="quiet">
        {run === null
          ? 'Names and parts of contacts are found once a run has published its tables; ids and identifiers always.'
          : `Names, contacts and beginnings of identifiers are those of run ${run}; ids and whole identifiers are of this moment.`}
      </p>
    </>
  )
}

function Found({ of: result, query }: { readonly of: Result; readonly query: string }) {
  const { profile, name, kind, state, identifiers, matched } = result
  return (
    <li class="found-one">
      <a class="row-link" href={hashOf('profile', profile)} title={profile}>
        {name === null ? <code>{profile.slice(0, 12)}</code> : <Marked text={name} query={query} />}
      </a>
      <span class="found-match">
        {(matched.what !== 'name' || matched.text !== name) && (
          <span class="identifier">
            <Marked text={matched.text} query={query} />
          </span>
        )}
      </span>
      <span class="found-badges">
        <Kind kind={kind} /> <Standing state={state} />{' '}
        <span class="quiet">{counted(identifiers, 'identifier')}</span>
      </span>
    </li>
  )
}

function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  // An identifier is found by its value; the type may be left out or not.
  const value = query.slice(query.indexOf(':') + 1)
  const wanted = text.toLowerCase().includes(query.toLowerCase()) ? query : value
  return (
    <>
      {piecesOf(text, wanted).map((piece, at) =>
        piece.isFound ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
      )}
    </>
  )
}

function Nobody({ of }: { readonly of: string }) {
  return (
    <>
      <Empty>Nobody is known by “{of}”.</Empty>
      <Examples />
    </>
  )
}

const EXAMPLES = [
  ['ana', 'a part of a name, as the last run has it'],
  ['ana@example.com', 'an e-mail, or a part of one'],
  ['+1 555 0100', 'a phone number'],
  ['cookie:c-phone', 'an identifier with its type'],
  ['c-phone', 'one without, or its beginning'],
  ['prf_c407b51f05af1047f69a', 'a profile id, also one that gave way to another'],
] as const

function Examples() {
  return (
    <section class="card" aria-labelledby="examples-title">
      <h2 id="examples-title">What can be typed</h2>
      <dl class="examples">
        {EXAMPLES.map(([text, meaning]) => (
          <div key={text}>
            <dt>
              <code>{text}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        <kbd>/</kbd> leads to the search from everywhere.
      </p>
    </section>
  )
}

// Why two identifiers are one person or are not; of one alone, why it is in its profile. The address is the state.

import { useEffect, useRef } from 'preact/hooks'

import type { ExplanationAnswer, MembershipAnswer } from 'selfsame/client'

import { chainOf } from '../parts/chain.ts'
import { Evidence } from '../parts/evidence.tsx'
import { guardWords } from '../parts/guard-words.ts'
import { ProfileName } from '../parts/names.tsx'
import { Empty, Shown } from '../parts/shown.tsx'
import { counted, edgeWords, percent, shortened } from '../parts/words.ts'
import { client } from '../state/client.ts'
import { useLoaded } from '../state/loaded.ts'
import { go, hashOf } from '../state/place.ts'
import { useStateOf } from '../state/state.ts'

export function Explain() {
  const a = useStateOf((now) => now.place.query['a'] ?? '')
  const b = useStateOf((now) => now.place.query['b'] ?? '')
  return (
    <div class="explain">
      <div class="head">
        <h1>Explain</h1>
      </div>
      <Asking a={a} b={b} />
      {a === '' && b === '' && (
        <Empty>
          Two identifiers, or profile ids: why they are one person, or why not. With one alone: why
          it is in its profile. For instance <code>email:ana@example.com</code> or{' '}
          <code>cookie:c-1</code>.
        </Empty>
      )}
      {a !== '' && b !== '' && <Two key={`${a} ${b}`} a={a} b={b} />}
      {(a === '') !== (b === '') && <One key={a + b} a={a + b} />}
    </div>
  )
}

function Asking({ a, b }: { readonly a: string; readonly b: string }) {
  const [first, second] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)]
  useEffect(() => {
    if (first.current !== null) first.current.value = a
    if (second.current !== null) second.current.value = b
  }, [a, b])
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const [from, to] = [first.current?.value.trim() ?? '', second.current?.value.trim() ?? '']
    go(hashOf('explain', null, { a: from, b: to }))
  }
  const field = {
    spellcheck: false,
    autocomplete: 'off',
    placeholder: 'TYPE:VALUE or prf_…',
  } as const
  return (
    <form class="explain-fields card" onSubmit={submit}>
      <span>
        <label for="explain-a">Why is</label>
        <input id="explain-a" ref={first} required {...field} />
      </span>
      <span>
        <label for="explain-b">the same person as, or not (may be left out)</label>
        <input id="explain-b" ref={second} {...field} />
      </span>
      <button type="submit" class="primary">
        Explain
      </button>
    </form>
  )
}

function Two({ a, b }: { readonly a: string; readonly b: string }) {
  const explained = useLoaded({
    name: `explain ${a} ${b}`,
    load: () => client.explain(a, b),
    // Any change may be about one of the two: which profiles they are in is not in the answer.
    concerns: ({ type }) => type.startsWith('profile.') && type !== 'profile.created',
  })
  return (
    <Shown of={explained}>
      {(of) => (
        <section class="card" aria-label="Explanation">
          <Sentence of={of} />
          <Evidence of={of} />
        </section>
      )}
    </Shown>
  )
}

function Sentence({ of }: { readonly of: ExplanationAnswer }) {
  return (
    <div class="sentence">
      <h2>
        <span class="sentence-name">{shortened(of.a)}</span> and{' '}
        <span class="sentence-name">{shortened(of.b)}</span>{' '}
        {of.together ? 'are one person' : 'are not joined'}
      </h2>
      <p>{howSure(of)}</p>
    </div>
  )
}

function howSure({ together, path, weakest, refusal, ...rest }: ExplanationAnswer): string {
  const link = weakest === null ? undefined : path[weakest]
  if (together)
    return link === undefined
      ? `Alike by shared witnesses: ${percent(rest.score)}, and ${percent(rest.threshold)} joins.`
      : `Held by ${counted(path.length, 'edge')} between them; the weakest, “${edgeWords(link.kind)}”, is worth ${percent(link.confidence)}.`
  if (refusal !== null) return `${guardWords(refusal.guard)}.`
  if (path.some(({ cut }) => cut !== null))
    return 'There is a way between them, and an edge on it does not count.'
  if (rest.signals.length === 0) return 'Nothing that is known connects them.'
  return `They look alike by ${percent(rest.score)}; ${percent(rest.threshold)} would join them${
    rest.score >= rest.question_from
      ? ', and from ' + percent(rest.question_from) + ' on a steward may be asked'
      : ''
  }.`
}

function One({ a }: { readonly a: string }) {
  const explained = useLoaded({
    name: `why ${a}`,
    load: () => client.explainMembership(a),
    concerns: ({ type }) => type.startsWith('profile.') && type !== 'profile.created',
  })
  return <Shown of={explained}>{(of) => <Membership asked={a} of={of} />}</Shown>
}

function Membership({
  asked,
  of: { profile, explanations },
}: {
  readonly asked: string
  readonly of: MembershipAnswer
}) {
  const others = profile.identifiers.length - 1
  return (
    <section class="card" aria-label="Explanation">
      <div class="sentence">
        <h2>
          <span class="sentence-name">{shortened(profile.asked ?? asked)}</span> is in the profile{' '}
          <ProfileName id={profile.id} />
        </h2>
        <p>
          {others === 0
            ? 'It is alone there: nothing that is known joins it with another identifier.'
            : `With ${counted(others, 'other identifier')}. Its links to ${explanations.length < others ? `the first ${explanations.length}` : 'each'}:`}
        </p>
      </div>
      {explanations.map((one) => (
        <details key={`${one.a} ${one.b}`} class="link-to">
          <summary>
            <span class="identifier">{shortened(one.b)}</span>
            <span class="quiet">{linkWords(one)}</span>
          </summary>
          <Evidence of={one} />
        </details>
      ))}
    </section>
  )
}

/** `logged in, 99 %` or `over 2 edges, the weakest 95 %`. */
function linkWords(of: ExplanationAnswer): string {
  const chain = chainOf(of)
  const weakest = of.weakest === null ? undefined : of.path[of.weakest]
  if (chain === null || weakest === undefined) return 'alike, with no edge between them'
  const worth = percent(weakest.confidence)
  return chain.links.length === 1
    ? `${edgeWords(weakest.kind)}, ${worth}`
    : `over ${chain.links.length} edges, the weakest ${worth}`
}

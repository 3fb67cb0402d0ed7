// Why two identifiers are one person or are not: the path between them, what guards say, what they look like.

import type { ExplanationAnswer } from 'selfsame/client'

import { IdentifierName } from './names.tsx'
import { RuleSignals, Waterfall } from './waterfall.tsx'
import { counted, edgeWords, percent } from './words.ts'
import { When } from './when.tsx'

export function Evidence({ of }: { readonly of: ExplanationAnswer }) {
  const { refusal, path, model } = of
  return (
    <div class="evidence">
      {refusal !== null && (
        <p class="refusal">
          <b>{refusal.guard.replaceAll('_', ' ')}</b>: {refusal.reason}
        </p>
      )}
      {path.length > 0 && <Path of={of} />}
      {(model?.because ?? null) !== null && <p class="because">{model?.because}</p>}
      {model?.pairs.map((pair) => (
        <section key={`${pair.from} ${pair.to}`}>
          <h4>
            <IdentifierName text={pair.from} /> and <IdentifierName text={pair.to} />
          </h4>
          <Waterfall pair={pair} />
        </section>
      ))}
      {model === null && <RuleSignals of={of} />}
      <p class="quiet">
        Policy {of.policy}
        {model === null ? '' : `, model ${model.scored_by}`}
      </p>
    </div>
  )
}

function Path({ of: { path, weakest } }: { readonly of: ExplanationAnswer }) {
  return (
    <ol class="path">
      {path.map((edge, at) => (
        <li key={`${edge.from} ${edge.to} ${edge.kind}`} class={at === weakest ? 'weakest' : ''}>
          <span class="path-ends">
            <IdentifierName text={edge.from} />
            <span aria-hidden="true"> — </span>
            <IdentifierName text={edge.to} />
          </span>
          <span>
            {edgeWords(edge.kind)}, <b>{percent(edge.confidence)}</b>
            {at === weakest && <span class="badge is-weakest">weakest link</span>}
          </span>
          <span class="quiet">
            {counted(edge.count, 'time')} on {edge.sites.join(', ')}, last{' '}
            <When at={edge.last_seen} />
            {edge.cut !== null && `; does not count: ${edge.cut}`}
            {edge.without_it.length > 1 &&
              `; without it the profile falls into ${edge.without_it.join(' + ')}`}
          </span>
        </li>
      ))}
    </ol>
  )
}

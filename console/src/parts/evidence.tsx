// Why two identifiers are one person or are not: the chain between them, what guards say, what they look like.

import type { ExplanationAnswer } from 'selfsame/client'

import { type Chain, chainOf, type Link, withoutWords } from './chain.ts'
import { guardWords } from './guard-words.ts'
import { IdentifierName } from './names.tsx'
import { RuleSignals, Waterfall } from './waterfall.tsx'
import { counted, edgeWords, percent } from './words.ts'
import { When } from './when.tsx'

export function Evidence({ of }: { readonly of: ExplanationAnswer }) {
  const { refusal, model } = of
  const chain = chainOf(of)
  return (
    <div class="evidence">
      {refusal !== null && (
        <p class="refusal">
          <b>{guardWords(refusal.guard)}:</b> {refusal.reason}
        </p>
      )}
      {chain !== null && <Path of={chain} />}
      {(model?.because ?? null) !== null && <p class="because">{model?.because}</p>}
      {model?.pairs.map((pair) => (
        <section key={`${pair.from} ${pair.to}`} class="pair">
          <p class="pair-title">
            <IdentifierName text={pair.from} /> and <IdentifierName text={pair.to} />
          </p>
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

function Path({ of: { start, links } }: { readonly of: Chain }) {
  return (
    <ol class="chain" aria-label="What is between them">
      <li class="chain-end">
        <IdentifierName text={start} />
      </li>
      {links.map((link) => (
        <Linked key={`${link.to} ${link.edge.kind}`} link={link} />
      ))}
    </ol>
  )
}

function Linked({ link: { edge, to, isWeakest } }: { readonly link: Link }) {
  const without = withoutWords(edge)
  const classes = ['chain-link', isWeakest && 'is-weakest', edge.cut !== null && 'is-cut']
  return (
    <>
      <li class={classes.filter(Boolean).join(' ')}>
        <span class="chain-what">
          <b>{edgeWords(edge.kind)}</b> {edge.cut === null && percent(edge.confidence)}
          {isWeakest && <span class="badge is-weakest">weakest link</span>}
        </span>
        <span class="quiet">
          {counted(edge.count, 'time')} on {edge.sites.join(', ')}, last{' '}
          <When at={edge.last_seen} />
        </span>
        {edge.cut !== null && <span class="chain-cut">does not count: {edge.cut}</span>}
        {without !== null && <span class="quiet">{without}</span>}
      </li>
      <li class="chain-end">
        <IdentifierName text={to} />
      </li>
    </>
  )
}

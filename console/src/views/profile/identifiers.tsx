// What the profile holds, as a list: how crowded each is, since when it is there, and why.

import { Fragment } from 'preact'
import { useMemo, useState } from 'preact/hooks'

import type { GraphAnswer, ProfileAnswer } from 'selfsame/client'

import { More } from '../../parts/more.tsx'
import { Empty } from '../../parts/shown.tsx'
import { When } from '../../parts/when.tsx'
import { counted, shortened } from '../../parts/words.ts'
import { hashOf } from '../../state/place.ts'
import { useGraph } from './asked.ts'
import { Picked, PickedBox } from './picked.tsx'
import type { Part } from './part.ts'
import { Why } from './why.tsx'

type Identifier = ProfileAnswer['identifiers'][number]
type Node = GraphAnswer['nodes'][number]

/** The most telling first; among equals the latest seen. */
const ORDER = ['email', 'phone', 'external_id', 'cookie']

export function Identifiers(part: Part) {
  const { profile } = part
  const graph = useGraph(profile.id)
  const [wanted, setWanted] = useState('')
  const nodes = useMemo(
    () => new Map(graph.value?.nodes.map((node) => [node.identifier, node])),
    [graph.value],
  )
  const shown = useMemo(() => ordered(profile.identifiers, wanted), [profile, wanted])
  return (
    <section class="card" aria-labelledby="identifiers-title">
      <div class="head">
        <h2 id="identifiers-title">Identifiers</h2>
        <input
          class="end"
          type="search"
          placeholder="Filter"
          aria-label="Filter the identifiers"
          value={wanted}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      </div>
      <Picked {...part} />
      {shown.length === 0 ? (
        <Empty>No identifier has “{wanted}” in it.</Empty>
      ) : (
        <More of={shown} what="identifiers">
          {(some) => <Table part={part} of={some} nodes={nodes} />}
        </More>
      )}
      {profile.shared_cookies.length > 0 && (
        <p class="quiet">
          It also used {counted(profile.shared_cookies.length, 'cookie')} of several people, session
          by session:{' '}
          {profile.shared_cookies.map(({ identifier }) => shortened(identifier)).join(', ')}
        </p>
      )}
    </section>
  )
}

function ordered(all: readonly Identifier[], wanted: string): readonly Identifier[] {
  const text = wanted.trim().toLowerCase()
  const found = all.filter(({ identifier }) => identifier.toLowerCase().includes(text))
  const rank = ({ type }: Identifier): number =>
    (ORDER.indexOf(type) + ORDER.length + 1) % (ORDER.length + 1)
  return found.toSorted(
    (x, y) => rank(x) - rank(y) || ((x.last_seen ?? '') < (y.last_seen ?? '') ? 1 : -1),
  )
}

interface Listed {
  readonly part: Part
  readonly of: readonly Identifier[]
  readonly nodes: ReadonlyMap<string, Node>
}

function Table({ part, of, nodes }: Listed) {
  const [open, setOpen] = useState<string | null>(null)
  return (
    <table class="cards identifiers">
      <thead>
        <tr>
          {part.act !== null && (
            <th scope="col">
              <span class="unseen">Pick</span>
            </th>
          )}
          <th scope="col">Identifier</th>
          <th scope="col" class="number" title="The most cookies that named it on one day">
            Promiscuity
          </th>
          <th scope="col">First seen</th>
          <th scope="col">Last seen</th>
          <th scope="col">Sites</th>
          <th scope="col">
            <span class="unseen">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((one) => (
          <Fragment key={one.identifier}>
            <Row
              part={part}
              one={one}
              node={nodes.get(one.identifier)}
              isOpen={open === one.identifier}
              toggle={() => setOpen(open === one.identifier ? null : one.identifier)}
            />
            {open === one.identifier && (
              <tr class="why-row">
                <td colSpan={part.act === null ? 6 : 7}>
                  <Why identifier={one.identifier} profile={part.profile} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  )
}

interface Shown {
  readonly part: Part
  readonly one: Identifier
  readonly node: Node | undefined
  readonly isOpen: boolean
  readonly toggle: () => void
}

function Row({ part, one, node, isOpen, toggle }: Shown) {
  const { act, profile } = part
  return (
    <tr class={part.picked.has(one.identifier) ? 'is-picked' : ''}>
      {act !== null && (
        <td>
          <PickedBox {...part} identifier={one.identifier} />
        </td>
      )}
      <td class="identifier-cell">
        <a
          class="identifier"
          href={hashOf('explain', null, { a: one.identifier, b: profile.id })}
          title={`${one.identifier}: explain it`}
        >
          <span class="identifier-type">{one.type}</span>
          {shortened(one.identifier).slice(one.type.length + 1)}
        </a>
        {one.quarantined && <span class="badge is-quarantined">in quarantine</span>}
        {(node?.shared_because ?? null) !== null && (
          <span class="badge is-quarantined" title={node?.shared_because ?? ''}>
            shared
          </span>
        )}
      </td>
      <td class="number" data-label="Promiscuity">
        {node?.promiscuity ?? <span class="quiet">–</span>}
      </td>
      <td data-label="First">
        <When at={one.first_seen} />
      </td>
      <td data-label="Last">
        <When at={one.last_seen} />
      </td>
      <td data-label="Sites">{one.sites.join(', ')}</td>
      <td class="row-acts">
        <button type="button" class="small" aria-expanded={isOpen} onClick={toggle}>
          Why here
          <span class="unseen"> {shortened(one.identifier)}</span>
        </button>
        {act !== null && (
          <button
            type="button"
            class="small"
            onClick={() =>
              act({ kind: one.quarantined ? 'release' : 'quarantine', identifier: one.identifier })
            }
          >
            {one.quarantined ? 'Release' : 'Quarantine'}
            <span class="unseen"> {shortened(one.identifier)}</span>
          </button>
        )}
      </td>
    </tr>
  )
}

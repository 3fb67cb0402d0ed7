// Visitors as rows: who, what kind, how sure, and what was last heard. A row is one link; arrow keys go from row to row.

import { Confidence, Kind, Standing } from '../../parts/badges.tsx'
import { moveBetweenRows } from '../../parts/row-keys.ts'
import { When } from '../../parts/when.tsx'
import { counted, shortened } from '../../parts/words.ts'
import { hashOf } from '../../state/place.ts'
import type { Visitor } from '../../state/listing.ts'

export function Rows({ of: visitors }: { readonly of: readonly Visitor[] }) {
  return (
    <table class="cards visitors">
      <thead>
        <tr>
          <th>Who</th>
          <th>Kind</th>
          <th>Standing</th>
          <th>Confidence</th>
          <th>Identifiers</th>
          <th>Last</th>
          <th>Where</th>
          <th>When</th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenRows}>
        {visitors.map((visitor) => (
          <Row key={visitor.profile} of={visitor} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ of: visitor }: { readonly of: Visitor }) {
  const { profile, name, identifier, kind, state, confidence, last } = visitor
  return (
    <tr>
      <td class="visitor-who">
        <a class="row-link" href={hashOf('profile', profile)} title={profile}>
          {name ?? <code>{shortened(identifier)}</code>}
        </a>
      </td>
      <td class="visitor-badges">
        <Kind kind={kind} />
      </td>
      <td class="visitor-badges">
        <Standing state={state} />
      </td>
      <td data-label="Confidence">
        <Confidence of={confidence} />
      </td>
      <td data-label="Identifiers">
        <Types of={visitor} />
      </td>
      <td class="wide">
        <b>{last.name === '' ? last.type : last.name}</b>{' '}
        {last.page !== null && <span class="quiet visitor-page">{last.page}</span>}
      </td>
      <td class="quiet">
        {last.site}
        {last.device !== null && `, ${last.device}`}
      </td>
      <td class="visitor-when">
        <When at={last.at} />
      </td>
    </tr>
  )
}

function Types({ of: { by_type: types, identifiers } }: { readonly of: Visitor }) {
  const each = Object.entries(types).toSorted(([, a], [, b]) => b - a)
  return (
    <span class="visitor-types" title={counted(identifiers, 'identifier')}>
      {each.map(([type, n]) => counted(n, type.replaceAll('_', ' '))).join(', ')}
    </span>
  )
}

// Which visitors are shown; it stands in the address.

import { KINDS, STATES } from '../../parts/badges.tsx'
import { hashOf, stay } from '../../state/place.ts'
import { useStateOf } from '../../state/state.ts'
import type { Filter } from '../../state/visitors.ts'

export function useFilter(): Filter {
  const query = useStateOf((now) => now.place.query)
  const { kind, state, site } = query
  return {
    kind: isOneOf(KINDS, kind) ? kind : undefined,
    state: isOneOf(STATES, state) ? state : undefined,
    site: site === '' ? undefined : site,
  }
}

function isOneOf<T extends object>(words: T, word: string | undefined): word is keyof T & string {
  return word !== undefined && Object.hasOwn(words, word)
}

/** @param sites those there are, as far as anybody knows */
export function Filters({ of, sites }: { readonly of: Filter; readonly sites: readonly string[] }) {
  const set = (changed: Readonly<Record<string, string>>): void => {
    const { kind = '', state = '', site = '' } = of
    stay(hashOf('visitors', null, { kind, state, site, ...changed }))
  }
  const all = of.site === undefined || sites.includes(of.site) ? sites : [of.site, ...sites]
  return (
    <div class="filters" role="group" aria-label="Which visitors">
      <Choice
        name="Kind"
        all="all kinds"
        of={KINDS}
        chosen={of.kind}
        set={(to) => set({ kind: to })}
      />
      <Choice
        name="Standing"
        all="any standing"
        of={STATES}
        chosen={of.state}
        set={(to) => set({ state: to })}
      />
      <Choice
        name="Site"
        all="all sites"
        of={Object.fromEntries(all.map((site) => [site, site]))}
        chosen={of.site}
        set={(to) => set({ site: to })}
      />
    </div>
  )
}

function Choice({
  name,
  all,
  of,
  chosen,
  set,
}: {
  readonly name: string
  readonly all: string
  readonly of: Readonly<Record<string, string>>
  readonly chosen: string | undefined
  readonly set: (value: string) => void
}) {
  return (
    <label>
      <span class="unseen">{name}</span>
      <select value={chosen ?? ''} onChange={({ currentTarget }) => set(currentTarget.value)}>
        <option value="">{all}</option>
        {Object.entries(of).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}

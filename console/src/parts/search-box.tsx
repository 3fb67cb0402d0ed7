// Search from everywhere: an identifier, a name, a profile id.

import { useEffect, useRef } from 'preact/hooks'

import { go, hashOf } from '../state/place.ts'
import { useStateOf } from '../state/state.ts'

export function SearchBox() {
  const asked = useStateOf((now) =>
    now.place.view === 'search' ? (now.place.query['q'] ?? '') : '',
  )
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (field.current !== null) field.current.value = asked
  }, [asked])
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const q = field.current?.value.trim() ?? ''
    if (q !== '') go(hashOf('search', null, { q }))
  }
  return (
    <form class="search" role="search" onSubmit={submit}>
      <input
        id="search"
        ref={field}
        type="search"
        placeholder="Search  /"
        aria-label="Search by identifier, name or profile id"
        autocomplete="off"
        spellcheck={false}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.blur()
        }}
      />
    </form>
  )
}

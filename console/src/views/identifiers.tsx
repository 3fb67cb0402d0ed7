// Identifiers that hold many together, the most crowded first, and quarantine for any of them.

import { useRef, useState } from 'preact/hooks'

import type { PromiscuousAnswer } from 'selfsame/client'

import { Empty, Problem, Shown } from '../parts/shown.tsx'
import { client } from '../state/client.ts'
import { failureOf, lastOf, put, useLoaded } from '../state/loaded.ts'
import { type Deed, Quarantine } from './identifiers/quarantine.tsx'
import { Table } from './identifiers/table.tsx'

const NAME = 'identifiers'

export function Identifiers() {
  const [deed, setDeed] = useState<Deed | null>(null)
  const listed = useLoaded({
    name: NAME,
    load: () => client.promiscuousIdentifiers(),
    concerns: ({ type }) => type === 'run.finished',
  })
  return (
    <>
      <header class="head">
        <h1>Identifiers</h1>
        <span class="quiet">that hold many together, the most crowded first</span>
      </header>
      <AnyIdentifier ask={setDeed} />
      <Shown of={listed}>
        {({ identifiers, next }) => (
          <>
            {identifiers.length === 0 ? (
              <Empty>
                No identifier is crowded, shared or in quarantine. What becomes so appears here; any
                other one can be put in quarantine above.
              </Empty>
            ) : (
              <div class="card">
                <Table of={identifiers} ask={setDeed} />
              </div>
            )}
            {next !== null && <More after={next} />}
          </>
        )}
      </Shown>
      {deed !== null && <Quarantine of={deed} close={() => setDeed(null)} />}
    </>
  )
}

function AnyIdentifier({ ask }: { readonly ask: (deed: Deed) => void }) {
  const field = useRef<HTMLInputElement>(null)
  const submit = (does: Deed['does']): void => {
    const identifier = field.current?.value.trim() ?? ''
    if (identifier !== '') ask({ identifier, does })
  }
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault()
        submit('quarantine')
      }}
    >
      <label for="any-identifier">Any other one</label>
      <input
        id="any-identifier"
        ref={field}
        required
        placeholder="email:ana@example.com"
        autocomplete="off"
        spellcheck={false}
      />
      <button type="submit">Put in quarantine …</button>
      <button type="button" onClick={() => submit('release')}>
        Release …
      </button>
    </form>
  )
}

function More({ after }: { readonly after: string }) {
  const [isLoading, setLoading] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const load = async (): Promise<void> => {
    setLoading(true)
    try {
      const page = await client.promiscuousIdentifiers({ after })
      const shown = lastOf<PromiscuousAnswer>(NAME)
      if (shown?.next === after)
        put(NAME, { identifiers: [...shown.identifiers, ...page.identifiers], next: page.next })
    } catch (cause) {
      setProblem(failureOf(cause).error)
    }
    setLoading(false)
  }
  return (
    <div class="older">
      {problem !== null && <Problem text={problem} />}
      <button type="button" disabled={isLoading} onClick={() => void load()}>
        More, less crowded
      </button>
    </div>
  )
}

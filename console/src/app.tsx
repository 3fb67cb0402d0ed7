// The frame around the views: where one can go, the search, how the connection is, who is signed in.

import { useEffect, useRef } from 'preact/hooks'

import { KeysHelp, useKeys } from './keys.tsx'
import { Notices } from './parts/notices.tsx'
import { SearchBox } from './parts/search-box.tsx'
import { signOut } from './state/session.ts'
import { may, type Session, useStateOf } from './state/state.ts'
import { SignIn } from './views/sign-in.tsx'
import { type View, VIEWS } from './views/index.ts'

export function App() {
  const session = useStateOf((now) => now.session)
  if (session === 'unknown') return <p class="quiet center">…</p>
  if (session === 'none') return <SignIn />
  return <Frame session={session} />
}

function Frame({ session }: { readonly session: Session }) {
  const place = useStateOf((now) => now.place)
  const main = useRef<HTMLElement>(null)
  const view = VIEWS.find(({ name }) => name === place.view) ?? VIEWS[0]
  useKeys(session)
  // A screen reader starts to read the new view, and keys scroll it.
  useEffect(() => {
    document.title = `${view?.title ?? ''} · Selfsame`
    main.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [view?.name, place.id])
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="#/visitors">
          <Mark /> Selfsame
        </a>
        <SearchBox />
        <Connection />
        <Who session={session} />
      </header>
      <Ways session={session} at={view?.name ?? ''} />
      <main id="main" ref={main} tabIndex={-1} class={`view view-${view?.name ?? ''}`}>
        {view !== undefined && <Seen view={view} session={session} />}
      </main>
      <Notices />
      <KeysHelp />
    </div>
  )
}

function Seen({ view, session }: { readonly view: View; readonly session: Session }) {
  const Content = view.Content
  if (may(session.role, view.role)) return <Content />
  return (
    <section class="empty">
      <h1>{view.title}</h1>
      <p>
        This takes the role <b>{view.role}</b>; you are signed in as <b>{session.role}</b>.
      </p>
    </section>
  )
}

function Ways({ session, at }: { readonly session: Session; readonly at: string }) {
  return (
    <nav class="ways" aria-label="Views">
      {VIEWS.filter(({ inMenu, role }) => inMenu && may(session.role, role)).map((view) => (
        <a
          key={view.name}
          href={`#/${view.name}`}
          aria-current={view.name === at ? 'page' : undefined}
          title={`${view.title} (g ${view.letter})`}
        >
          {view.title}
        </a>
      ))}
    </nav>
  )
}

const CONNECTIONS = {
  connecting: 'connecting …',
  live: 'live',
  lost: 'no connection; trying again',
} as const

function Connection() {
  const connection = useStateOf((now) => now.connection)
  return (
    <span class={`connection is-${connection}`} role="status">
      {CONNECTIONS[connection]}
    </span>
  )
}

function Who({ session }: { readonly session: Session }) {
  return (
    <details class="who">
      <summary title={`${session.name}, ${session.role} of ${session.account}`}>
        {session.name === '' ? session.role : session.name}
      </summary>
      <div class="who-more">
        <p>
          {session.role} of the account <b>{session.account}</b>
        </p>
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </details>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <circle cx="12.5" cy="16" r="7.5" fill="none" stroke="currentColor" stroke-width="3" />
      <circle cx="19.5" cy="16" r="7.5" fill="none" stroke="currentColor" stroke-width="3" />
    </svg>
  )
}

function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault()
  main?.focus()
}

// Signing in and out: a token is exchanged for a cookie, and never kept.

import { listen, unlisten } from './stream.ts'
import { stay } from './place.ts'
import { change, forget, type Session, state } from './state.ts'

/** Whoever is signed in already, or comes with a token behind the "#", which is taken out of the address at once. */
export async function resume(): Promise<void> {
  const { view, query } = state.value.place
  if (view === 'sign-in') {
    stay('#/')
    if ((await signIn(query['token'] ?? '')) === null) return
  }
  const answer = await fetch('/v1/session').catch(() => null)
  if (answer?.ok === true) enter((await answer.json()) as Session)
  else change({ session: 'none' })
}

/** Null when that worked, else why not. */
export async function signIn(text: string): Promise<string | null> {
  const token = text.trim()
  if (token === '') return 'Paste a token; it begins with sst_.'
  const answer = await fetch('/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => null)
  if (answer === null) return 'The server does not answer. Is it running?'
  const said = (await answer.json()) as Session & { readonly detail?: string }
  if (!answer.ok) return said.detail ?? 'That did not work.'
  enter(said)
  return null
}

export async function signOut(): Promise<void> {
  await fetch('/v1/session', { method: 'DELETE' }).catch(() => null)
  unlisten()
  forget()
}

function enter({ account, role, name }: Session): void {
  change({ session: { account, role, name } })
  listen()
}

// The first page for whoever has no session: a token for a cookie.

import { useRef, useState } from 'preact/hooks'

import { signIn } from '../state/session.ts'

export function SignIn() {
  const field = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setAsking(true)
    setProblem(await signIn(field.current?.value ?? ''))
    setAsking(false)
  }
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Selfsame</h1>
        <p>Which person is this, how sure are we, and why.</p>
        <label for="token">Token</label>
        <input
          id="token"
          ref={field}
          type="password"
          autocomplete="current-password"
          placeholder="sst_…"
          required
          autofocus
          aria-describedby="token-help"
          aria-invalid={problem !== null}
        />
        {problem !== null && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="primary" disabled={isAsking}>
          Sign in
        </button>
        <p id="token-help" class="quiet">
          A reader looks, a steward decides, an admin runs batches. Make one:{' '}
          <code>selfsame keys create --role steward --label ana</code>
        </p>
      </form>
    </main>
  )
}

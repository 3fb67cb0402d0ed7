// What a steward does to the profile, each with what would come of it before it is done.

import { useEffect, useRef } from 'preact/hooks'

import type { DecreeAnswer, ProfileAnswer, ReviewAnswer } from 'selfsame/client'

import { Ask } from '../../parts/ask.tsx'
import { counted, shortened } from '../../parts/words.ts'
import { client } from '../../state/client.ts'
import { refresh } from '../../state/loaded.ts'
import { say } from '../../state/notices.ts'
import { Outcome } from './outcome.tsx'

export type Act =
  /** `because`: how these were found, in words. */
  | {
      readonly kind: 'split'
      readonly identifiers: readonly string[]
      readonly because: string | null
    }
  /** `other`: a profile id. */
  | { readonly kind: 'merge'; readonly other: string }
  | { readonly kind: 'quarantine' | 'release'; readonly identifier: string }
  | { readonly kind: 'undo'; readonly review: ReviewAnswer }
  /** What was wanted cannot be done, and why. */
  | { readonly kind: 'nothing'; readonly title: string; readonly why: string }

interface Deed {
  readonly title: string
  /** What the button says. */
  readonly deed: string
  /** What was done, for the notice. */
  readonly done: string
  readonly about: string | null
  readonly run: (note: string, dryRun: boolean) => Promise<DecreeAnswer>
}

export function Acting({
  act,
  profile,
  close,
  done,
}: {
  readonly act: Act
  readonly profile: ProfileAnswer
  readonly close: () => void
  /** Called when it was done. */
  readonly done: () => void
}) {
  if (act.kind === 'undo') return <Undo review={act.review} close={close} />
  if (act.kind === 'nothing') return <Nothing title={act.title} why={act.why} close={close} />
  const { title, deed, about, run, ...words } = deedOf(act, profile)
  const doIt = async (note: string): Promise<void> => {
    const { awaits_second: awaitsSecond } = await run(note, false)
    say(awaitsSecond ? 'Noted; a second steward has to say the same' : words.done)
    done()
    refresh()
  }
  return (
    <Ask title={title} deed={deed} preview={() => run('', true)} act={doIt} close={close}>
      {(decree) => (
        <>
          {about !== null && <p>{about}</p>}
          <Outcome of={decree} profile={profile} />
        </>
      )}
    </Ask>
  )
}

function deedOf(
  act: Exclude<Act, { readonly kind: 'undo' | 'nothing' }>,
  { id }: ProfileAnswer,
): Deed {
  if (act.kind === 'split') {
    const many = counted(act.identifiers.length, 'identifier')
    const wanted = { identifiers: [...act.identifiers] }
    return {
      title: `Split off ${many}?`,
      deed: 'Split',
      done: `${many} split off`,
      about: act.because,
      run: (note, dryRun) => client.splitProfile(id, { ...wanted, note }, { dryRun }),
    }
  }
  if (act.kind === 'merge') {
    return {
      title: 'Merge the two profiles?',
      deed: 'Merge',
      done: 'Merged',
      about: `You say that ${id} and ${act.other} are one person.`,
      run: (note, dryRun) => client.mergeProfiles({ profiles: [id, act.other], note }, { dryRun }),
    }
  }
  return quarantineOf(act.kind, act.identifier)
}

function quarantineOf(kind: 'quarantine' | 'release', identifier: string): Deed {
  const name = shortened(identifier)
  return kind === 'quarantine'
    ? {
        title: `Put ${name} in quarantine?`,
        deed: 'Put in quarantine',
        done: `${name} is in quarantine`,
        about: 'From then on it joins nobody. It can be released again.',
        run: (note, dryRun) => client.quarantineIdentifier({ identifier, note }, { dryRun }),
      }
    : {
        title: `Release ${name} from quarantine?`,
        deed: 'Release',
        done: `${name} is released`,
        about: 'It may join profiles again.',
        run: (note, dryRun) => client.releaseIdentifier({ identifier, note }, { dryRun }),
      }
}

function Nothing({
  title,
  why,
  close,
}: {
  readonly title: string
  readonly why: string
  readonly close: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="nothing-title" onClose={close}>
      <h2 id="nothing-title">{title}</h2>
      <p>{why}</p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

/** Taking back has no note: the decision is gone from then on, and the log says by whom. */
function Undo({ review, close }: { readonly review: ReviewAnswer; readonly close: () => void }) {
  const doIt = async (): Promise<void> => {
    await client.undoDecision(review.id)
    say('Decision taken back')
    refresh()
  }
  return (
    <Ask
      title="Take this decision back?"
      deed="Take back"
      hasNote={false}
      preview={() => client.review(review.id)}
      act={doIt}
      close={close}
    >
      {({ decision, profiles, a, b }) => (
        <>
          <p>
            <b>{decision?.author ?? 'Somebody'}</b> said that {shortened(a.identifier)} and{' '}
            {shortened(b.identifier)} are{' '}
            <b>{decision?.verdict === 'same' ? 'one person' : 'two different people'}</b>
            {decision === null || decision.note === '' ? '.' : `: “${decision.note}”`}
          </p>
          <p>
            {decision?.verdict === 'same'
              ? 'What it joined comes apart, unless something else holds it.'
              : 'What it kept apart may join again, if there is reason to.'}
          </p>
          <ul class="outcome">
            {profiles.map((profile) => (
              <li key={profile.id}>
                <code>{profile.id}</code> holds {counted(profile.identifiers.length, 'identifier')}{' '}
                now
              </li>
            ))}
          </ul>
        </>
      )}
    </Ask>
  )
}

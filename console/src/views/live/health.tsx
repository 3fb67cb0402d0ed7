// How it is doing, in words: what is wrong first, then what waits; else that all is decided.

import type { PulseAnswer } from 'selfsame/client'

import { counted } from '../../parts/words.ts'
import { hashOf } from '../../state/place.ts'
import { useStateOf } from '../../state/state.ts'

export function Health({ of: pulse }: { readonly of: PulseAnswer }) {
  const behind = pulse.log_records - pulse.applied
  const isLost = useStateOf((now) => now.connection === 'lost')
  const hasFailed = pulse.run?.state === 'failed'
  const isWell =
    !isLost && pulse.problem === null && behind <= 0 && !hasFailed && pulse.waiting === 0
  return (
    <ul class="health">
      {isLost && <li class="is-bad">The server does not answer; these figures are old.</li>}
      {pulse.problem !== null && <li class="is-bad">Trouble: {pulse.problem}.</li>}
      {hasFailed && (
        <li class="is-bad">
          Trouble: the latest run failed; <a href={hashOf('runs')}>see why</a>.
        </li>
      )}
      {behind > 0 && (
        <li class="is-waiting">
          {counted(behind, 'message')} {behind === 1 ? 'waits' : 'wait'} for{' '}
          {behind === 1 ? 'its profile' : 'their profiles'}.
        </li>
      )}
      {pulse.waiting > 0 && (
        <li class="is-waiting">
          {counted(pulse.waiting, 'neighbourhood')} too large to decide at once: decided in quiet
          times, or by the next run.
        </li>
      )}
      {isWell && (
        <li class="is-well">All is well: every message is decided and the graph can be written.</li>
      )}
    </ul>
  )
}

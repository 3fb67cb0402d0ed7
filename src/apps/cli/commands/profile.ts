// `profile`: who an identifier is, with what is known of them and the latest of what they did.

import type { ProfileAnswer, TimelineAnswer } from '../../answers/answer.ts'
import type { Answered } from '../../answers/look-ups.ts'
import { DONE, type Invocation } from '../invocation.ts'
import { withLookUps } from '../reach-data.ts'
import { valueOf } from '../unanswered.ts'
import { goldenLines, profileLines, timelineLines } from '../words/profile-words.ts'

export async function profile(
  invocation: Invocation,
  asked: string,
  events: number,
): Promise<number> {
  const [found, timeline] = await withLookUps(invocation, async (lookUps) => {
    const profileFound: Answered<ProfileAnswer> = await lookUps.profile(asked, { sites: null })
    const answer = valueOf(profileFound)
    const none: TimelineAnswer = { profile: answer.id, events: [], next: null }
    return [answer, events === 0 ? none : valueOf(await lookUps.timeline(answer.id, events))]
  })
  const { terminal, json } = invocation
  if (json) {
    terminal.say(JSON.stringify({ ...found, timeline: timeline.events }))
    return DONE
  }
  const typed = asked.startsWith('prf_') ? null : asked
  for (const line of profileLines(terminal, found, typed)) terminal.say(line)
  for (const line of goldenLines(terminal, found)) terminal.say(line)
  if (timeline.events.length > 0) {
    terminal.say('')
    for (const line of timelineLines(terminal, timeline)) terminal.say(line)
  }
  return DONE
}

// From what the core describes to what the API answers: public names, times as text, identifiers as look-ups take them.

import { identifierText } from '../../core/index.ts'
import type { DescribedIdentifier, DescribedProfile } from '../../core/profile/explain/describe.ts'
import type { DescribedGraph } from '../../core/profile/explain/describe-graph.ts'
import type { Explanation } from '../../core/profile/explain/explain.ts'
import type { ComparedPair } from '../../core/profile/explain/explain-alike.ts'
import type { ExplainedEdge } from '../../core/profile/explain/explained-edge.ts'
import {
  type ExplainedSignal,
  explainedSignal,
} from '../../core/profile/explain/explained-signal.ts'
import type { LiveGolden } from '../../flows/golden-of.ts'
import type { Timeline } from '../../flows/look-up.ts'
import type { Stats } from '../../flows/take-census.ts'
import type { StoredChange } from '../../ports/identity-store.ts'
import type {
  GraphAnswer,
  HistoryAnswer,
  IdentifierAnswer,
  ProfileAnswer,
  StatsAnswer,
  TimelineAnswer,
} from './answer.ts'
import type { ComparedAnswer, ExplanationAnswer, SignalAnswer } from './explanation-answer.ts'
import { cursorOf } from './cursor.ts'
import { cameBy } from './came-by.ts'
import { senderOf } from './device.ts'
import { instant } from './instant.ts'

/** `asked`: the key of the identifier asked for; null when a profile id was. */
export function answerOfProfile(
  profile: DescribedProfile,
  asked: string | null,
  golden: LiveGolden | null,
): ProfileAnswer {
  const found = profile.identifiers.find(({ key }) => key === asked)
  return {
    id: profile.id,
    asked: found === undefined ? null : identifierText(found),
    kind: profile.kind,
    shared_because: profile.sharedBecause,
    state: profile.state,
    confidence: profile.confidence === null ? null : rounded(profile.confidence),
    weakest_link: profile.weakestLink,
    revision: profile.revision,
    first_seen: instant(profile.firstSeen),
    last_seen: instant(profile.lastSeen),
    sites: [...profile.sites],
    identifiers: profile.identifiers.map(answerOfIdentifier),
    shared_cookies: profile.sharedCookies.map(answerOfIdentifier),
    golden: golden && answerOfGolden(golden),
  }
}

function answerOfGolden({ values, isWhole }: LiveGolden): NonNullable<ProfileAnswer['golden']> {
  return {
    values: values.map(({ attribute, value, eventId, site, at, rule, verified, ...rest }) => {
      const { different, others } = rest
      const isUnion = rule === 'union'
      return {
        attribute,
        value: isUnion ? [value, ...others] : value,
        event_id: eventId,
        site,
        at: instant(at),
        rule,
        verified,
        different,
        others: isUnion ? [] : [...others],
      }
    }),
    whole: isWhole,
  }
}

function answerOfIdentifier(identifier: DescribedIdentifier): IdentifierAnswer {
  return {
    identifier: identifierText(identifier),
    type: identifier.type,
    namespace: identifier.namespace,
    value: identifier.value,
    first_seen: instant(identifier.firstSeen),
    last_seen: instant(identifier.lastSeen),
    sites: [...identifier.sites],
    quarantined: identifier.quarantined,
  }
}

export function answerOfTimeline(profile: string, { events, next }: Timeline): TimelineAnswer {
  return {
    profile,
    events: events.map(({ fact, raw }) => ({
      event_id: fact.id,
      type: fact.type,
      name: fact.name,
      at: instant(fact.at),
      received_at: instant(fact.receivedAt),
      site: fact.site,
      identifiers: fact.identifiers.map(identifierText),
      ...senderOf(raw),
      came_by: cameBy(raw),
    })),
    next: next === null ? null : cursorOf(next),
  }
}

export function answerOfGraph({ profile, nodes, edges, truncated }: DescribedGraph): GraphAnswer {
  return {
    profile,
    nodes: nodes.map((node) => ({
      ...answerOfIdentifier(node),
      profile: node.profile,
      shared_because: node.sharedBecause,
      promiscuity: node.promiscuity,
    })),
    edges: edges.map(
      ({ confidence, effectiveConfidence, firstSeen, lastSeen, sites, scoredBy, ...rest }) => ({
        ...rest,
        confidence: rounded(confidence),
        effective_confidence: rounded(effectiveConfidence),
        first_seen: instant(firstSeen),
        last_seen: instant(lastSeen),
        sites: [...sites],
        scored_by: scoredBy,
      }),
    ),
    truncated,
  }
}

export function answerOfHistory(profile: string, changes: readonly StoredChange[]): HistoryAnswer {
  return {
    profile,
    changes: changes.map(({ sequence, revision, event, from, at, reason }) => {
      return { sequence, revision, event, from: [...from], at: instant(at), reason }
    }),
  }
}

export function answerOfExplanation(explanation: Explanation): ExplanationAnswer {
  const { questionFrom, path, signals, score, threshold, model, ...rest } = explanation
  return {
    ...rest,
    score: rounded(score),
    threshold: rounded(threshold),
    question_from: rounded(questionFrom),
    path: path.map(answerOfEdge),
    signals: signals.map(answerOfSignal),
    model: model && {
      scored_by: model.scoredBy,
      stopped: model.stopped,
      because: model.because,
      pairs: model.pairs.map(answerOfPair),
    },
  }
}

function answerOfPair(pair: ComparedPair): ComparedAnswer {
  const { joinFrom, probability, threshold, signals, ...rest } = pair
  return {
    ...rest,
    join_from: joinFrom,
    probability: rounded(probability),
    threshold: rounded(threshold),
    signals: signals.map((row) => answerOfSignal(explainedSignal(row))),
  }
}

function answerOfSignal({ confidence, ...rest }: ExplainedSignal): SignalAnswer {
  return { ...rest, confidence: rounded(confidence) }
}

function answerOfEdge(edge: ExplainedEdge): ExplanationAnswer['path'][number] {
  const { confidence, firstSeen, lastSeen, sites, firstEvent, lastEvent, ...rest } = edge
  const { withoutIt, scoredBy, ...same } = rest
  return {
    ...same,
    confidence: rounded(confidence),
    first_seen: instant(firstSeen),
    last_seen: instant(lastSeen),
    sites: [...sites],
    first_event: firstEvent,
    last_event: lastEvent,
    without_it: [...withoutIt],
    scored_by: scoredBy,
  }
}

export function answerOfStats(stats: Stats, knowledge: StatsAnswer['knowledge']): StatsAnswer {
  const { records, identifiers, crowded, edges, profiles, questions, waiting, days } = stats
  const byKind = { anonymous: 0, person: 0, shared: 0 }
  const byState = { provisional: 0, confirmed: 0, awaiting_batch: 0 }
  for (const { kind, state, count } of profiles) {
    byKind[kind] += count
    byState[state] += count
  }
  return {
    log_records: records,
    identifiers: { total: sumOf(identifiers), by_type: byType(identifiers) },
    promiscuous: { total: sumOf(crowded), by_type: byType(crowded) },
    edges,
    profiles: { total: sumOf(profiles), by_kind: byKind, by_state: byState },
    questions,
    waiting,
    days: days.map(({ day, cookies, people }) => ({ day: dateOf(day), cookies, people })),
    knowledge,
  }
}

function byType(counts: Stats['crowded']): Record<string, number> {
  return Object.fromEntries(counts.map(({ type, count }) => [type, count]))
}

function sumOf(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}

const DAY_MS = 86_400_000

/** `2026-03-02` of a UTC day. */
function dateOf(day: number): string {
  return instant(day * DAY_MS).slice(0, 'YYYY-MM-DD'.length)
}

/** Evidence is kept in millionths; what a float has behind them says nothing. */
function rounded(confidence: number): number {
  return Math.round(confidence * 1e6) / 1e6
}

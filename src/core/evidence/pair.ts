// What two cookies' shared witnesses say together: each independent signal at its best, then added up.
// Invariant: the best of a set does not depend on the order in which it was seen.

import type { Policy } from '../policy/policy.ts'
import { evidenceOfScore } from './learned/model.ts'

export type SignalName = 'ip' | 'signature'

/** Best evidence of each signal, kept apart for pairs with a site in common and pairs without. */
export interface PairSignals {
  ip: number
  signature: number
  /** The same between cookies that share no site. */
  crossIp: number
  crossSignature: number
  /** Two cookies without a common site share both: its own worth replaces the sum. */
  crossBoth: boolean
  /** What a learned model says of them, in place of all of these; 0 without one. */
  learned: number
  /** They were seen together where few were: only then they are candidates. */
  candidate: boolean
}

export function noSignals(): PairSignals {
  return {
    ip: 0,
    signature: 0,
    crossIp: 0,
    crossSignature: 0,
    crossBoth: false,
    learned: 0,
    candidate: false,
  }
}

/** Takes the better of each signal into `into`. */
export function mergeSignals(into: PairSignals, other: PairSignals): void {
  into.ip = Math.max(into.ip, other.ip)
  into.signature = Math.max(into.signature, other.signature)
  into.crossIp = Math.max(into.crossIp, other.crossIp)
  into.crossSignature = Math.max(into.crossSignature, other.crossSignature)
  into.crossBoth ||= other.crossBoth
  into.learned = Math.max(into.learned, other.learned)
  into.candidate ||= other.candidate
}

/** The evidence of a pair: the sum within a site, or what product rules say across sites, whichever is more. */
export function pairEvidence(signals: PairSignals, policy: Policy): number {
  const within = signals.ip + signals.signature
  const across = signals.crossBoth
    ? policy.signals.ipAndSignatureCrossSite
    : Math.max(signals.crossIp, signals.crossSignature)
  return Math.max(within, across, signals.learned)
}

/** The evidence from which two groups are joined by what they look like. */
export function joinEvidence({ knowledge, mergeEvidence }: Policy): number {
  return knowledge === null ? mergeEvidence : evidenceOfScore(knowledge.model.joinFrom)
}

/** The most that stage B could ever find under a policy: below the merge threshold it cannot join anything. */
export function pairEvidenceMax(policy: Policy): number {
  const { ip, signature, ipAndSignatureCrossSite } = policy.signals
  return Math.max(ip.evidence + signature.evidence, ipAndSignatureCrossSite)
}

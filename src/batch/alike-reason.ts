// Why a run asks about two groups, in words with the numbers: "same address within the hour 0.30, same device 0.60".

import { type Trait, TRAITS } from '../core/evidence/behaviour.ts'
import { confidenceOf } from '../core/policy/evidence-unit.ts'

/** Two groups as they were weighed; evidence and gaps in hours as whole numbers. */
export interface AlikeRow {
  /** The smallest members of the two. */
  readonly low: number
  readonly high: number
  /** The cookies that are most alike. */
  readonly a: number
  readonly b: number
  /** Cookies of each. */
  readonly low_cookies: number
  readonly high_cookies: number
  readonly evidence: number
  readonly ip: number
  readonly signature: number
  readonly cross_ip: number
  readonly cross_signature: number
  readonly cross_both: number
  readonly ip_gap: number
  readonly cross_ip_gap: number
}

/** A pair with what its behaviour adds. */
export interface Supported {
  readonly row: AlikeRow
  /** Evidence of behaviour, and what it rests on most. */
  readonly support: number
  readonly trait: Trait
  /** With support, but never enough to join. */
  readonly evidence: number
}

export function reasonOf({ row, support, trait }: Supported): string {
  return [...witnessesOf(row), ...told(TRAITS[trait].words, support)].join(', ')
}

/** Of the two sums the one that was more. */
function witnessesOf(row: AlikeRow): string[] {
  const { ip, signature, cross_ip: crossIp, cross_signature: crossSignature } = row
  const address = `same address ${within(row.ip_gap)}`
  if (ip + signature === row.evidence)
    return [...told(address, ip), ...told('same device', signature)]
  if (row.cross_both === 1) return told('same address and same device on two sites', row.evidence)
  if (crossIp >= crossSignature)
    return told(`same address ${within(row.cross_ip_gap)} on two sites`, crossIp)
  return told('same device on two sites', crossSignature)
}

function within(gapHours: number): string {
  return gapHours === 0 ? 'within the hour' : `${gapHours} h apart`
}

/** Nothing for what would read 0.00. */
function told(words: string, evidence: number): string[] {
  const confidence = confidenceOf(evidence).toFixed(2)
  return confidence === '0.00' ? [] : [`${words} ${confidence}`]
}

// Settings to the policy that decides: confidences become evidence, floats become whole numbers.
// Invariant: equal settings (what does not decide left out) give the same policy with the same version.

import { canonicalJson } from './canonical-json.ts'
import { UNIQUE_NAMESPACES } from './defaults.ts'
import type { Digest } from './digest.ts'
import { evidenceOf } from './evidence-unit.ts'
import type { IdentifierTypeRule, NamespaceRule, Policy, SignalRule } from './policy.ts'
import type { Settings } from './settings-shape.ts'

const PPM = 1_000_000
const VERSION_CHARACTERS = 16

/** Ranks of the built-in members: whose an event is. Declared types choose theirs in between. */
const RANKS = { external_id: 50, email: 40, phone: 30, cookie: 10 } as const

/** The policy of settings. Pure: the same settings give the same policy on every machine. */
export function compilePolicy(settings: Settings, digest: Digest): Policy {
  const { thresholds, candidates, guards } = settings
  return {
    version: policyVersion(settings, digest),
    account: settings.account,
    edgeEvidence: { ...evidences(settings.edges), steward: evidenceOf(1) },
    mergeEvidence: evidenceOf(thresholds.merge),
    questionEvidence: evidenceOf(thresholds.question),
    marginPpm: Math.round(thresholds.margin * PPM),
    types: typeRules(settings),
    namespaces: new NamespaceRules(settings),
    signals: signalRules(settings),
    candidateAnchorsMax: candidates.anchorsMax,
    candidatesPerGroupMax: candidates.perGroupMax,
    stageBRounds: candidates.rounds,
    profileIdentifiersMax: guards.profileIdentifiersMax,
    neighbourhoodIdentifiersMax: guards.neighbourhoodIdentifiersMax,
    namedPerCookieMax: guards.namedPerCookieMax,
    idsPerContactMax: guards.idsPerContactMax,
    sessionGapMinutes: settings.session.gapMinutes,
    addressDays: candidates.addressDays,
    knowledge: null,
  }
}

/** Settings that change neither what is extracted nor what is decided. */
const UNDECIDING: ReadonlySet<string> = new Set([
  '$schema',
  'account',
  'batch',
  'attribution',
  'contacts',
  'golden',
  'conversions',
  'limits',
  'review',
  'server',
])

/** Settings that say what is read of a message when it enters the log. */
const EXTRACTING = [
  'contactFields',
  'events',
  'identifierTypes',
  'junk',
  'phone',
  'roleMailboxes',
  'sites',
] as const satisfies readonly (keyof Settings)[]

/** Whether messages would be read otherwise; what the log has taken already stays as it was read. */
export function readsOtherwise(a: Settings, b: Settings): boolean {
  return extracting(a) !== extracting(b)
}

/** Whether a run of the same profiles publishes other golden records, conversions or credit. */
export function publishesOtherwise(a: Settings, b: Settings): boolean {
  return publishing(a) !== publishing(b)
}

function publishing({ attribution, conversions, golden }: Settings): string | null {
  return canonicalJson({ attribution, conversions, golden })
}

function extracting(settings: Settings): string | null {
  return canonicalJson({
    ...Object.fromEntries(EXTRACTING.map((name) => [name, settings[name]])),
    sites: decidingSites(settings),
  })
}

/** The first 16 hex characters of the digest of everything that decides. */
function policyVersion(settings: Settings, digest: Digest): string {
  const decides = Object.entries(settings).filter(([name]) => !UNDECIDING.has(name))
  const canonical = canonicalJson({
    ...Object.fromEntries(decides),
    sites: decidingSites(settings),
  })
  if (canonical === null) throw new Error('settings are nested deeper than their schema allows')
  return digest(canonical).slice(0, VERSION_CHARACTERS)
}

/** Of each site what decides; one with nothing special counts as not listed. */
function decidingSites({ sites }: Settings): object {
  const special = Object.entries(sites).flatMap(([site, { crossSite, userBase }]) => {
    const rule = { crossSite, ...(userBase !== undefined && { userBase }) }
    return crossSite && userBase === undefined ? [] : [[site, rule] as const]
  })
  return Object.fromEntries(special)
}

function evidences(confidences: Settings['edges']): Record<string, number> {
  return Object.fromEntries(
    Object.entries(confidences).map(([kind, confidence]) => [kind, evidenceOf(confidence)]),
  )
}

type Crowd = Settings['promiscuity']['ip']

const crowdRule = ({ warn, full, void: none }: Crowd) => ({
  crowdWarn: warn,
  crowdFull: full,
  crowdVoid: none,
})

const witness = (crowd: Crowd): IdentifierTypeRule => ({
  role: 'witness',
  rank: 0,
  perProfileMax: 0,
  reassignedAfterDays: 0,
  crossSiteEvidence: 0,
  ...crowdRule(crowd),
})

function typeRules(settings: Settings): ReadonlyMap<string, IdentifierTypeRule> {
  const { promiscuity, guards, ageing, crossSite } = settings
  const member = (
    type: keyof typeof RANKS,
    perProfileMax: number,
    reassignedAfterDays: number,
  ) => ({
    role: 'member' as const,
    rank: RANKS[type],
    perProfileMax,
    reassignedAfterDays,
    crossSiteEvidence: type === 'cookie' ? 0 : evidenceOf(crossSite[type]),
    ...crowdRule(type === 'cookie' ? { warn: 0, full: 0, void: 0 } : promiscuity[type]),
  })
  const rules = new Map<string, IdentifierTypeRule>([
    ['external_id', member('external_id', 0, 0)],
    ['email', member('email', guards.emailsPerProfileMax, ageing.emailReassignedAfterDays)],
    ['phone', member('phone', guards.phonesPerProfileMax, ageing.phoneReassignedAfterDays)],
    ['cookie', member('cookie', 0, 0)],
    ['device_signature', witness(promiscuity.device_signature)],
    ['ip', witness(promiscuity.ip)],
  ])
  for (const [type, rule] of Object.entries(settings.identifierTypes)) {
    rules.set(type, declaredRule(rule))
  }
  return rules
}

function declaredRule(rule: Settings['identifierTypes'][string]): IdentifierTypeRule {
  if (rule.role === 'witness') return witness(rule.crowd)
  return {
    ...crowdRule(rule.crowd),
    role: 'member',
    rank: rule.rank,
    perProfileMax: rule.perProfileMax,
    reassignedAfterDays: rule.reassignedAfterDays,
    crossSiteEvidence: evidenceOf(rule.crossSite),
  }
}

function signalRules({ edges, crossSite, ageing }: Settings): Policy['signals'] {
  const ip: SignalRule = {
    evidence: evidenceOf(edges.ip_temporal),
    crossSiteEvidence: evidenceOf(crossSite.ip),
    halfLifeHours: ageing.ipHalfLifeHours,
    windowDays: ageing.ipWindowDays,
  }
  const signature: SignalRule = {
    evidence: evidenceOf(edges.signature_match),
    crossSiteEvidence: evidenceOf(crossSite.signature),
    halfLifeHours: ageing.signatureHalfLifeHours,
    windowDays: ageing.signatureWindowDays,
  }
  return { ip, signature, ipAndSignatureCrossSite: evidenceOf(crossSite.ipAndSignature) }
}

/** Rules by namespace; `user@shop` falls under `user`, since sites come and go without a configuration. */
class NamespaceRules extends Map<string, NamespaceRule> {
  constructor(settings: Settings) {
    super(UNIQUE_NAMESPACES.map((namespace) => [namespace, { unique: true }]))
    for (const [namespace, rule] of Object.entries(settings.namespaces)) this.set(namespace, rule)
  }

  override get(namespace: string): NamespaceRule | undefined {
    const at = namespace.indexOf('@')
    return super.get(at < 0 ? namespace : namespace.slice(0, at))
  }
}

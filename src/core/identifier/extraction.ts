// What extraction reads of the settings, compiled once, with the memories that make it fast.
// Invariant: everything made under one extraction depends on the message and these settings only.

import {
  DEFAULT_SITE,
  EVENT_KINDS,
  foldName,
  foldValue,
  NO_MAILBOX,
  PLACEHOLDERS,
  ROLE_MAILBOXES,
  type ActKind,
} from '../policy/defaults.ts'
import type { Digest } from '../policy/digest.ts'
import type { Settings } from '../policy/settings-shape.ts'
import { declaredTypes, type DeclaredType } from './declared-type.ts'
import type { Contact, Made } from './made.ts'
import { Recent } from './recent.ts'
import type { System } from './system.ts'

/** Distinct texts remembered of each type; an entry takes about half a kilobyte. */
const REMEMBERED_MAX = 16_384

/** Where identifiers meet: one for all sites that join across, one for each site that opted out. */
export interface Scope {
  /** Behind every namespace: empty, or `@` and the site that joins no other. */
  readonly suffix: string
  readonly cookies: Recent<Made>
  readonly emails: Recent<Contact>
  readonly phones: Recent<Contact>
  readonly externalIds: Recent<Made>
  readonly declared: Recent<Made>
  readonly signatures: Recent<Made>
  readonly ips: Recent<Made>
}

/** What extraction asks of a site. */
export interface SiteRule {
  readonly scope: Scope
  /** Namespace of the `userId` of its messages. */
  readonly userNamespace: string
}

export interface Extraction {
  readonly settings: Settings
  readonly digest: Digest
  /** Folded event name -> the kind of act. */
  readonly acts: ReadonlyMap<string, ActKind>
  readonly placeholders: ReadonlySet<string>
  readonly allowedValues: ReadonlySet<string>
  readonly noMailboxes: ReadonlySet<string>
  readonly roleMailboxes: ReadonlySet<string>
  readonly declaredTypes: readonly DeclaredType[]
  /** The scope of every site that did not opt out. */
  readonly open: Scope
  readonly sites: ReadonlyMap<string, SiteRule>
  /** Event name -> its act, or null; names as they come. */
  readonly namedActs: Recent<{ readonly kind: ActKind | null }>
  /** User agent or system name -> its family; empty when unknown. */
  readonly systems: Recent<System | ''>
  readonly clues: ClueMemory
}

/** Which clue texts tell that come again and again; below 0 for none. */
interface ClueMemory {
  /** Of user agents. */
  readonly devices: Recent<number>
  readonly browsers: Recent<number>
  readonly languages: Recent<number>
  readonly zones: Recent<number>
  readonly regions: Recent<number>
}

export function createExtraction(settings: Settings, digest: Digest): Extraction {
  const open = newScope('')
  const allowedValues = new Set(settings.junk.allow.map(foldValue))
  const roleMailboxes = new Set([...ROLE_MAILBOXES, ...settings.roleMailboxes.add.map(folded)])
  for (const mailbox of settings.roleMailboxes.allow) roleMailboxes.delete(folded(mailbox))
  return {
    settings,
    digest,
    acts: actsOf(settings),
    placeholders: new Set([...PLACEHOLDERS, ...settings.junk.add.map(foldValue)]),
    allowedValues,
    noMailboxes: NO_MAILBOX,
    roleMailboxes,
    declaredTypes: declaredTypes(settings),
    open,
    sites: siteRules(settings, open),
    namedActs: new Recent(REMEMBERED_MAX),
    systems: new Recent(REMEMBERED_MAX),
    clues: {
      devices: new Recent(REMEMBERED_MAX),
      browsers: new Recent(REMEMBERED_MAX),
      languages: new Recent(REMEMBERED_MAX),
      zones: new Recent(REMEMBERED_MAX),
      regions: new Recent(REMEMBERED_MAX),
    },
  }
}

/** The rule of a site; one that is not configured joins across and has a user base of its own. */
export function siteRule(extraction: Extraction, site: string): SiteRule {
  return extraction.sites.get(site) ?? { scope: extraction.open, userNamespace: `user@${site}` }
}

/** The kind of act an event name stands for; null for an event that does not name its sender. */
export function actOfEvent(extraction: Extraction, name: string): ActKind | null {
  let act = extraction.namedActs.get(name)
  if (act === undefined) {
    act = { kind: extraction.acts.get(foldName(name)) ?? null }
    extraction.namedActs.set(name, act)
  }
  return act.kind
}

function folded(mailbox: string): string {
  return mailbox.trim().toLowerCase()
}

function newScope(suffix: string): Scope {
  return {
    suffix,
    cookies: new Recent(REMEMBERED_MAX),
    emails: new Recent(REMEMBERED_MAX),
    phones: new Recent(REMEMBERED_MAX),
    externalIds: new Recent(REMEMBERED_MAX),
    declared: new Recent(REMEMBERED_MAX),
    signatures: new Recent(REMEMBERED_MAX),
    ips: new Recent(REMEMBERED_MAX),
  }
}

function actsOf(settings: Settings): Map<string, ActKind> {
  const acts = new Map(Object.entries(EVENT_KINDS).map(([event, kind]) => [foldName(event), kind]))
  for (const [event, kind] of Object.entries(settings.events)) {
    if (kind === 'none') acts.delete(foldName(event))
    else acts.set(foldName(event), kind)
  }
  return acts
}

function siteRules(settings: Settings, open: Scope): Map<string, SiteRule> {
  const ownBase = settings.sites[DEFAULT_SITE]?.userBase ?? DEFAULT_SITE
  const rules = new Map<string, SiteRule>([[DEFAULT_SITE, { scope: open, userNamespace: 'user' }]])
  for (const [site, { crossSite, userBase = site }] of Object.entries(settings.sites)) {
    if (crossSite) {
      const userNamespace = userBase === ownBase ? 'user' : `user@${userBase}`
      rules.set(site, { scope: open, userNamespace })
    } else {
      rules.set(site, { scope: newScope(`@${site}`), userNamespace: `user@${site}` })
    }
  }
  return rules
}

// Settings that are allowed each for itself and make no sense together.

import type { z } from 'zod'

import { BUILT_IN_TYPES, foldName } from './defaults.ts'
import { ruleContradictions } from './settings-golden.ts'
import type { Settings } from './settings-shape.ts'

/** Where an error is, what it is, and what would be allowed. */
type Contradiction = readonly [path: readonly string[], error: string, allowed: string]

/** Adds an issue for everything that each setting allows and the whole does not. */
export function contradictions(settings: Settings, context: z.RefinementCtx): void {
  const found = [
    ...thresholdsOutOfOrder(settings.thresholds),
    ...builtInTypesDeclared(settings.identifierTypes),
    ...eventsTwice('events', settings.events),
    ...eventsTwice('conversions', settings.conversions),
    ...userBasesAcross(settings.sites),
    ...ruleContradictions(settings.golden.attributes),
  ]
  for (const [place, message, allowed] of found) {
    context.addIssue({ code: 'custom', path: [...place], message, params: { allowed } })
  }
}

function thresholdsOutOfOrder(thresholds: Settings['thresholds']): Contradiction[] {
  if (thresholds.question <= thresholds.merge) return []
  return [[['thresholds', 'question'], 'is above thresholds.merge', 'at most thresholds.merge']]
}

function builtInTypesDeclared(types: Settings['identifierTypes']): Contradiction[] {
  return BUILT_IN_TYPES.filter((type) => Object.hasOwn(types, type)).map((type) => [
    ['identifierTypes', type],
    'is a built-in type',
    `any name but ${BUILT_IN_TYPES.join(', ')}`,
  ])
}

function eventsTwice(setting: string, events: object): Contradiction[] {
  const seen = new Map<string, string>()
  return Object.keys(events).flatMap((event): Contradiction[] => {
    const other = seen.get(foldName(event))
    seen.set(foldName(event), event)
    if (other === undefined) return []
    return [[[setting, event], `is the same event as "${other}"`, 'each event once']]
  })
}

function userBasesAcross(sites: Settings['sites']): Contradiction[] {
  return Object.entries(sites).flatMap(([site, rule]): Contradiction[] => {
    if (rule.userBase === undefined) return []
    const place = ['sites', site, 'userBase']
    if (!rule.crossSite) {
      return [[place, 'contradicts crossSite: false', 'no userBase on a site that joins no other']]
    }
    if (!Object.hasOwn(sites, rule.userBase) || sites[rule.userBase]?.crossSite !== false) return []
    return [[place, 'names a site that joins no other', 'the name of a user base of its own']]
  })
}

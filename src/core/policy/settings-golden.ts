// The settings of golden records: which attributes a person has, where a message carries them, which value survives.
// Nothing here decides who is one person.

import { z } from 'zod'

import { name, text, whole } from './settings-parts.ts'

/** How one value is chosen of several; what each means stands in docs/golden-records.md. */
export const GOLDEN_RULES = [
  'most_recent',
  'most_frequent',
  'first',
  'source_priority',
  'verified_first',
  'longest',
  'union',
] as const
export type GoldenRule = (typeof GOLDEN_RULES)[number]

/** Values of a `union` unless its attribute says otherwise. */
export const UNION_VALUES = 20

/** Every attribute is two columns of a table. */
const ATTRIBUTES_MAX = 200

const ATTRIBUTE_ALLOWED = 'a lower-case name with digits and "_" that does not end in "_from"'
const attributeName = text(/^(?!.*_from$)[a-z][a-z0-9_]{0,48}$/, ATTRIBUTE_ALLOWED)

const STEP = String.raw`(?!__proto__)[A-Za-z0-9_$ -]{1,64}`
const trait = text(
  new RegExp(String.raw`^${STEP}(\.${STEP}){0,7}$`),
  'the name of a trait, or a path of names below the traits, such as address.city',
)

const attribute = z.strictObject({
  from: z
    .array(trait)
    .min(1)
    .max(8)
    .optional()
    .describe('traits that hold it, the first with a value counts; by default the one of its name'),
  rule: z
    .enum([...GOLDEN_RULES, 'none'])
    .optional()
    .describe('which value survives, most_recent by default; none takes a built-in one out'),
  sources: z
    .array(name)
    .min(1)
    .max(100)
    .optional()
    .describe('source_priority: sites, the most trusted first; those not listed come last'),
  unionMax: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe(`union: values that are kept at most, the latest; ${UNION_VALUES} by default`),
})

export const golden = z.strictObject({
  attributes: z
    .record(attributeName, attribute)
    .default({})
    .refine((attributes) => Object.keys(attributes).length <= ATTRIBUTES_MAX, {
      error: 'are too many',
      params: { allowed: `at most ${ATTRIBUTES_MAX}` },
    })
    .describe('name → an attribute of golden records, in addition to or instead of a built-in one'),
  othersMax: whole(5, 0, 'values that were not chosen, listed beside the chosen one at most'),
})

type Attributes = z.output<typeof golden>['attributes']

/** Options that stand with a rule that does not read them, or lack where it does. */
export function ruleContradictions(
  attributes: Attributes,
): readonly (readonly [path: readonly string[], error: string, allowed: string])[] {
  return Object.entries(attributes).flatMap(([attributeOf, { rule, sources, unionMax }]) => {
    const place = ['golden', 'attributes', attributeOf]
    const found: [string[], string, string][] = []
    if (rule === 'source_priority' && sources === undefined) {
      found.push([[...place, 'rule'], 'has no sources', 'the sites in "sources" beside it'])
    }
    if (rule !== 'source_priority' && sources !== undefined) {
      found.push([[...place, 'sources'], 'belongs to another rule', 'only with source_priority'])
    }
    if (rule !== 'union' && unionMax !== undefined) {
      found.push([[...place, 'unionMax'], 'belongs to another rule', 'only with union'])
    }
    return found
  })
}

// From the text of a configuration file's JSON to settings, or to every problem it has.
// Invariant: a problem names its path and what is allowed there, both read from the one schema.

import { z } from 'zod'

import { contradictions } from './contradictions.ts'
import { settingsShape, type Settings } from './settings-shape.ts'
import { stackContradictions, stackShape, type Stack } from './settings-stack.ts'

export type { Settings, Stack }

/** One thing that is wrong with a configuration. */
export interface SettingsProblem {
  /** `thresholds.merge`; empty for the whole. */
  readonly path: string
  /** A sentence about what stands there. */
  readonly message: string
  /** What may stand there. */
  readonly allowed: string
}

export type ParsedSettings =
  | { readonly ok: true; readonly settings: Settings; readonly stack: Stack }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] }

const settingsSchema = settingsShape.extend(stackShape).superRefine((all, context) => {
  contradictions(all, context)
  stackContradictions(all, context)
})

/** A node of the JSON Schema. */
export type SchemaNode = z.core.JSONSchema.BaseSchema

/** Settings from parsed JSON (`{}` gives all defaults), or everything that is wrong with it. */
export function parseSettings(json: unknown): ParsedSettings {
  const parsed = settingsSchema.safeParse(json)
  if (parsed.success) {
    const { log, registry, graph, kafka, processing, ...settings } = parsed.data
    return { ok: true, settings, stack: { log, registry, graph, kafka, processing } }
  }
  const schema = settingsJsonSchema()
  return {
    ok: false,
    problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, json, schema)),
  }
}

/** The JSON Schema of the configuration file, draft 2020-12. */
export function settingsJsonSchema(): SchemaNode {
  return { title: 'Configuration of Selfsame', ...z.toJSONSchema(settingsSchema, { io: 'input' }) }
}

function problemsOf(issue: z.core.$ZodIssue, json: unknown, root: SchemaNode): SettingsProblem[] {
  const place = issue.path.map(String)
  const node = nodeAt(root, place)
  if (issue.code === 'unrecognized_keys') {
    const allowed = node === undefined ? '' : allowedBy(node)
    return issue.keys.map((key) => problem([...place, key], 'is no setting', allowed))
  }
  if (issue.code === 'invalid_key') {
    const allowed = issue.issues.map((inner) => inner.message).join('; ')
    return [problem(place, 'has a name that is not allowed', allowed)]
  }
  if (issue.code === 'custom') {
    return [problem(place, issue.message, String(issue.params?.['allowed'] ?? ''))]
  }
  const allowed =
    issue.code === 'invalid_format' || node === undefined ? issue.message : allowedBy(node)
  return [problem(place, `is ${shown(valueAt(json, place))}`, allowed)]
}

function problem(place: readonly string[], fact: string, allowed: string): SettingsProblem {
  const path = place.join('.')
  return { path, message: `${path === '' ? 'the configuration' : path} ${fact}`, allowed }
}

function nodeAt(root: SchemaNode, place: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = root
  for (const step of place) node = node === undefined ? undefined : childOf(node, step)
  return node
}

function childOf(node: SchemaNode, step: string): SchemaNode | undefined {
  const { properties = {}, additionalProperties, items } = node
  const named = Object.hasOwn(properties, step) ? properties[step] : undefined
  const child = named ?? (Array.isArray(items) ? undefined : items) ?? additionalProperties
  return typeof child === 'object' ? child : undefined
}

function valueAt(json: unknown, place: readonly string[]): unknown {
  let value = json
  for (const step of place) {
    if (typeof value !== 'object' || value === null) return undefined
    value = new Map<string, unknown>(Object.entries(value)).get(step)
  }
  return value
}

const SHOWN_CHARACTERS_MAX = 60
/** In the address of a server. */
const PASSWORD = /\/\/[^/]*@/

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const safe = typeof value === 'string' ? value.replace(PASSWORD, '//…@') : value
  return JSON.stringify(safe).slice(0, SHOWN_CHARACTERS_MAX)
}

/** What a node of the schema takes, in words. */
export function allowedBy(node: SchemaNode): string {
  if (node.anyOf !== undefined) return node.anyOf.map(allowedBy).join(', or ')
  if (node.$comment !== undefined) return node.$comment
  if (node.enum !== undefined) {
    return `one of ${node.enum.map((value) => JSON.stringify(value)).join(', ')}`
  }
  if (node.type === 'number') return `a number${range(node)}`
  if (node.type === 'integer') return `a whole number${range(node)}`
  if (node.type === 'array') return `a list, each ${allowedBy(childOf(node, '') ?? {})}`
  if (node.properties !== undefined) {
    return `an object with ${Object.keys(node.properties).join(', ')}`
  }
  return PLAIN[String(node.type)] ?? 'an object of names and values'
}

const PLAIN: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'text in quotes',
  null: 'null',
}

function range({ minimum, maximum }: SchemaNode): string {
  if (minimum === undefined) return ''
  const open = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
  return open ? ` of ${minimum} or more` : ` from ${minimum} to ${maximum}`
}

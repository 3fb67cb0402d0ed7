// What is wrong with what was sent to a route, in words: where, what stands there, and what may, read from the schema.

import { z } from 'zod'

import { allowedBy, type SchemaNode } from '../../../core/policy/settings.ts'

const SHOWN_CHARACTERS_MAX = 60

/** The first thing that is wrong. `params`: it was sent in the path or query, where all is text without quotes. */
export function whatIsWrong(
  { issues }: z.ZodError,
  sent: unknown,
  schema: z.ZodType,
  as: 'params' | 'body',
): string {
  const [issue] = issues
  if (issue === undefined) return 'not understood'
  const path = issue.path.map(String)
  const place = path.length === 0 ? 'the body' : `"${path.join('.')}"`
  if (issue.code === 'custom' || issue.code === 'invalid_format') {
    return `${place}: ${issue.message}`
  }
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const { nodes, value } = at({ nodes: [root], value: sent }, path)
  if (issue.code === 'unrecognized_keys') {
    return unknownNames(issue.keys, namesIn(nodes))
  }
  const names = namesIn(nodes)
  if (names.length > 0) return `${place} is no JSON object; allowed: one with ${names.join(', ')}`
  const most = issue.code === 'too_big' ? nodes[0]?.maxLength : undefined
  const length = most === undefined ? '' : `, ${most} characters at most`
  return `${place} is ${shown(value)}; allowed: ${allowedIn(nodes, as)}${length}`
}

/** For names that nobody reads. */
export function unknownNames(names: readonly string[], allowed: readonly string[]): string {
  const listed = names.map((name) => JSON.stringify(cut(name))).join(', ')
  const known = allowed.length === 0 ? 'none' : allowed.join(', ')
  return `${listed} ${names.length === 1 ? 'is' : 'are'} not known here; allowed: ${known}`
}

/** A place in what was sent, and what the schema says of it: several where it offers a choice. */
interface Place {
  readonly nodes: readonly SchemaNode[]
  readonly value: unknown
}

function at(root: Place, path: readonly string[]): Place {
  let { nodes, value } = { ...root, nodes: chosen(root) }
  for (const step of path) {
    nodes = nodes.flatMap((node) => childOf(node, step))
    value = new Map<string, unknown>(entriesOf(value)).get(step)
    nodes = chosen({ nodes, value })
  }
  return { nodes, value }
}

/** Of a choice the branches that what was sent can be meant for; all where it can be for none. */
function chosen({ nodes, value }: Place): readonly SchemaNode[] {
  const sent = new Map<string, unknown>(entriesOf(value))
  return nodes.flatMap((node) => {
    const branches = node.oneOf ?? []
    if (branches.length === 0) return [node]
    const meant = branches.filter(({ properties = {} }) =>
      Object.entries(properties).every(
        ([name, one]) =>
          typeof one === 'boolean' || one.const === undefined || sent.get(name) === one.const,
      ),
    )
    return meant.length > 0 ? meant : branches
  })
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function childOf(node: SchemaNode, step: string): readonly SchemaNode[] {
  const { properties = {}, items, anyOf = [] } = node
  const named = Object.hasOwn(properties, step) ? properties[step] : undefined
  const child = named ?? (Array.isArray(items) ? undefined : items)
  if (typeof child === 'object') return [child]
  return anyOf.flatMap((branch) => childOf(branch, step))
}

function namesIn(nodes: readonly SchemaNode[]): readonly string[] {
  return [...new Set(nodes.flatMap(({ properties = {} }) => Object.keys(properties)))]
}

function allowedIn(nodes: readonly SchemaNode[], as: 'params' | 'body'): string {
  const fixed = nodes.flatMap((node) => (node.const === undefined ? [] : [node.const]))
  if (fixed.length > 0) return allowedBy({ enum: fixed })
  const [node = {}] = nodes
  const { description: meaning } = node
  const said = meaning === undefined ? '' : ` (${meaning})`
  if (node.type !== 'string' || node.enum !== undefined) return allowedBy(node) + said
  return as === 'params' ? (meaning ?? 'text') : allowedBy(node) + said
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === '') return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return cut(JSON.stringify(value))
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text
}

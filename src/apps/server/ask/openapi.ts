// The OpenAPI 3.1 document: the query API from the very schemas that hold its requests and answers, the rest by hand.

import { z } from 'zod'

import { SESSION_COOKIE } from '../who/callers.ts'
import { BESIDE, type Beside } from './beside.ts'
import { NO_BODY, type Route } from './route.ts'

type Json = Readonly<Record<string, unknown>>

/** Statuses that any route may answer with, as problem details. */
const PROBLEMS: Readonly<Record<string, string>> = {
  '400': 'the request is not understood',
  '401': 'no token, or none that holds',
  '403': 'the token may not do this',
  '404': 'there is nothing of this name',
  '409': 'not possible at this moment',
  '410': 'it was erased',
  '413': 'more than is taken at once',
  '429': 'too many requests',
  '503': 'the store does not answer',
}

/** Of the query API. */
const ROUTE_PROBLEMS = ['400', '401', '403', '404', '409', '410', '429', '503']

const problemSchema = z.object({
  type: z.string(),
  status: z.int(),
  title: z.string(),
  detail: z.string().optional(),
  reason: z.string().optional().describe('a word for programs'),
})

export function openApiOf(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const one of routes) {
    paths[one.path] = { ...paths[one.path], [one.method]: operationOf(one) }
  }
  for (const one of BESIDE) {
    paths[one.path] = { ...paths[one.path], [one.method]: operationBeside(one) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Selfsame',
      version: '1',
      description: 'Which person is this identifier, how sure are we, and why.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        writeKey: { type: 'http', scheme: 'basic', description: 'the key as the user' },
        writeKeyInQuery: { type: 'apiKey', in: 'query', name: 'writeKey' },
      },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      responses: {
        HeadTooLarge: { description: 'the head of the request is larger than one may be' },
        ...Object.fromEntries(
          Object.entries(PROBLEMS).map(([status, description]) => [
            `Problem${status}`,
            { description, content: { 'application/problem+json': { schema: PROBLEM } } },
          ]),
        ),
      },
    },
  }
}

const PROBLEM = { $ref: '#/components/schemas/Problem' }

function operationOf({ operation, summary, role, path, params, body, answer }: Route): Json {
  return {
    operationId: operation,
    tags: ['ask'],
    summary,
    description: `Takes a token of role ${role}.`,
    parameters: parametersOf(path, params),
    ...(body !== NO_BODY && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(body, 'input') } },
      },
    }),
    responses: {
      '200': {
        description: 'the answer',
        content: { 'application/json': { schema: schemaOf(answer, 'output') } },
      },
      ...problemsOf(ROUTE_PROBLEMS),
    },
  }
}

function operationBeside(one: Beside): Json {
  const { operation, summary, tag, security, path, params, body = {}, answers, problems } = one
  return {
    operationId: operation,
    tags: [tag],
    summary,
    security: security.map((scheme) => ({ [scheme]: [] })),
    parameters: params === undefined ? [] : parametersOf(path, params),
    ...(Object.keys(body).length > 0 && {
      requestBody: { required: true, content: contentOf(body, 'input') },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, content]) => [
          status,
          { description: 'the answer', content: contentOf(content, 'output') },
        ]),
      ),
      ...(tag === 'collect' ? saidByProtocol(problems) : problemsOf(problems)),
    },
  }
}

function problemsOf(statuses: readonly string[]): Json {
  return {
    ...Object.fromEntries(
      statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
    ),
    '431': { $ref: '#/components/responses/HeadTooLarge' },
  }
}

/** RudderStack's clients are told in words. */
function saidByProtocol(statuses: readonly string[]): Json {
  const content = {
    'application/problem+json': { schema: PROBLEM },
    'text/plain': { schema: { type: 'string' } },
  }
  const problem = (status: string) => [status, { description: PROBLEMS[status], content }] as const
  return { ...Object.fromEntries(statuses.map(problem)), ...problemsOf([]) }
}

function contentOf(content: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema: schemaOf(schema, io) }]),
  )
}

function parametersOf(path: string, params: z.ZodObject): readonly Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(params, { io: 'input' })
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = typeof property === 'object' ? property : {}
    const inPath = path.includes(`{${name}}`)
    const place = inPath ? 'path' : 'query'
    return { name, in: place, required: inPath || required.includes(name), description, schema }
  })
}

/** A coerced number is a number in the document: the query's text is coerced by whoever reads it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

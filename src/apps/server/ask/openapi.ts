// The OpenAPI 3.1 document of the query API, from the very schemas that hold its requests and answers.

import { z } from 'zod'

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
  '429': 'too many requests',
  '503': 'the store does not answer',
}

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
  return {
    openapi: '3.1.0',
    info: {
      title: 'Selfsame',
      version: '1',
      description: 'Which person is this identifier, how sure are we, and why.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      responses: Object.fromEntries(
        Object.entries(PROBLEMS).map(([status, description]) => [
          `Problem${status}`,
          {
            description,
            content: {
              'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
            },
          },
        ]),
      ),
    },
  }
}

function operationOf({ operation, summary, role, path, params, body, answer }: Route): Json {
  return {
    operationId: operation,
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
      ...Object.fromEntries(
        Object.keys(PROBLEMS).map((status) => [
          status,
          { $ref: `#/components/responses/Problem${status}` },
        ]),
      ),
    },
  }
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

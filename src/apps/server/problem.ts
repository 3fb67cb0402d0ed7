// What went wrong with a request, as problem details (RFC 9457).

export interface Problem {
  readonly status: number
  readonly title: string
  readonly detail?: string
  /** A word for programs: `too_large`, `not_json` … */
  readonly reason?: string
  readonly headers?: Readonly<Record<string, string>>
}

export function problem({ headers = {}, ...details }: Problem): Response {
  const body = JSON.stringify({ type: 'about:blank', ...details })
  return new Response(body, {
    status: details.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })
}

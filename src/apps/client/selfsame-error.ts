// An answer that is none, as the client throws it.

/** An answer that is none: the server's problem details (RFC 9457). */
export class SelfsameError extends Error {
  /** HTTP status: 400 not understood, 401 no token, 403 not allowed, 404 never seen, 410 erased, 429 too fast … */
  readonly status: number
  /** A word for programs, where there is one. */
  readonly reason: string | null
  /** After how many seconds to try again, where the server says so. */
  readonly retryAfterSeconds: number | null

  constructor(status: number, message: string, reason: string | null, retryAfter: number | null) {
    super(message)
    this.name = 'SelfsameError'
    this.status = status
    this.reason = reason
    this.retryAfterSeconds = retryAfter
  }
}

interface Words {
  readonly title?: unknown
  readonly detail?: unknown
  readonly reason?: unknown
}

export async function errorOf(response: Response): Promise<SelfsameError> {
  const problem: unknown = await response.json().catch(() => null)
  const { title, detail, reason } = { ...(typeof problem === 'object' ? problem : null) } as Words
  const text = [detail, title].find((one) => typeof one === 'string')
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new SelfsameError(
    response.status,
    text ?? `the server answered ${response.status}`,
    typeof reason === 'string' ? reason : null,
    Number.isFinite(wait) ? wait : null,
  )
}

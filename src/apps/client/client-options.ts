// Where a client asks, and as whom.

export interface ClientOptions {
  /** Where the server is: `https://id.shop.example`. */
  readonly url: string
  /** Without it a browser's session is used. */
  readonly token?: string
  /** Sent with every request, beside the token. */
  readonly headers?: Readonly<Record<string, string>>
}

export function addressOf({ url }: ClientOptions, path: string): string {
  return url.replace(/\/+$/, '') + path
}

export function callerHeaders({ token, headers }: ClientOptions): Record<string, string> {
  return { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) }
}

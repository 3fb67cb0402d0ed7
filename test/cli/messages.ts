// Messages as lines of a file, for the tests of the command line.

export const line = (message: object): string => `${JSON.stringify(message)}\n`

export const page = (i: number): string =>
  line({
    type: 'page',
    messageId: `page-${i}`,
    anonymousId: `c-${i % 500}`,
    timestamp: new Date(Date.UTC(2026, 2, 2) + i * 1000).toISOString(),
    context: { userAgent: 'x'.repeat(300) },
  })

export const login = (cookie: string, email: string, messageId: string): string =>
  line({ type: 'identify', messageId, anonymousId: cookie, traits: { email } })

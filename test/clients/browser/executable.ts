// Which Chromium, and how it is started, for tests and benchmarks alike.
// Invariant: nothing is fetched from outside this machine: names do not resolve.

/** Debian's; `SELFSAME_CHROMIUM` names another. */
export const CHROMIUM = process.env['SELFSAME_CHROMIUM'] ?? '/usr/bin/chromium'

export const ARGUMENTS: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  // WebGL without a graphics card.
  '--enable-unsafe-swiftshader',
]

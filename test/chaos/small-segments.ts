// Loaded before the command line (--import): the log's segments get small, so that a world of some thousand messages
// is closed, sealed and merged many times. Nothing else of the product is changed.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const ours = context.parentURL?.endsWith('/test/chaos/small-limits.ts') === true
    return resolved.url.endsWith('/src/adapters/file-log/limits.ts') && !ours
      ? { ...resolved, url: new URL('small-limits.ts', import.meta.url).href }
      : resolved
  },
})

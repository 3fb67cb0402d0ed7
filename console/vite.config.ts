// Builds the console into dist/console, from where the server reads it. Nothing of it comes from elsewhere at run time.
import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  // Its hashed files lie beside the API of the same server.
  base: '/console/',
  resolve: { alias: { 'selfsame/client': here('../src/apps/client/index.ts') } },
  build: {
    outDir: here('../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    // Inline styles and data: addresses are what the content security policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})

// The same server with a handler that reads the body and does nothing with it: what HTTP itself costs here.

import { Hono } from 'hono'

import { trustedProxies } from '../../src/apps/server/who/client-address.ts'
import { listen } from '../../src/apps/server/node.ts'
import type { Env } from '../../src/apps/server/parts.ts'

const app = new Hono<Env>()
app.all('*', async (c) => {
  if (c.req.method === 'POST') await c.env.body?.(Infinity, () => undefined)
  return c.json({ success: true })
})
const listening = await listen(app, { host: '127.0.0.1', port: 0 }, trustedProxies([]))
console.log(JSON.stringify({ url: listening.url }))
process.once('SIGTERM', () => void listening.stop())

// The floor: a page of one word from a bare HTTP server of Node. A click on it changes the word.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const PAGE = `<!doctype html><title>empty</title><link rel="icon" href="data:,"><p>empty</p>
<script>addEventListener('click', () => { document.querySelector('p').textContent = 'clicked' })</script>`

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(PAGE)
}).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }))
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { hostRule } from './host-rule.ts'
import { Pipelining } from './pipelining.ts'

/** The response for one path. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string | Buffer
}

export type Route = () => Answer | Promise<Answer>

export interface HttpServer {
  readonly url: string
  close(): Promise<void>
}

// There are few clients with short requests: probes, Prometheus, a page or two. Slow or large requests are cut off.
const limits = {
  maxHeaderSize: 8_192,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
}
const maxConnections = 100

// The page loads only from this server; no framing, sniffing or caching.
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

export const json = (body: object, status = 200): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(body)}\n`,
})

const plain = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body })

const answerTo = async (
  { method, url = '/', headers: { host } }: IncomingMessage,
  routes: ReadonlyMap<string, Route>,
  isOurs: (host: string | undefined) => boolean,
): Promise<Answer> => {
  if (!isOurs(host))
    return plain(403, 'This host name is not accepted. Use an address, localhost or a name inside the cluster.\n')
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Only GET and HEAD are allowed.\n')
  const route = routes.get(url.split('?', 1)[0] ?? '/')
  return route === undefined
    ? plain(404, `Not found. The paths are: ${[...routes.keys()].sort().join(' ')}\n`)
    : route()
}

const respond = (request: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void => {
  const length = Buffer.byteLength(body)
  response.writeHead(status, {
    ...headers,
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    'content-type': type,
    'content-length': length,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const listening = async (server: Server, host: string, port: number): Promise<void> => {
  try {
    // Without a host, Node listens on `::`, which includes IPv4, or on 0.0.0.0 if there is no IPv6.
    server.listen(port, host === '::' ? undefined : host)
    await once(server, 'listening')
  } catch (error) {
    const { code = 'unknown error' } = error as { code?: string }
    throw new Error(
      code === 'EADDRINUSE'
        ? `port ${port} of ${host} is in use: set another HTTP_PORT, or HTTP_PORT=0 for any free port`
        : `cannot listen on HTTP_HOST=${host} HTTP_PORT=${port} (${code})`,
      { cause: error },
    )
  }
}

/**
 * Serves the routes until it is closed.
 *
 * @throws Error that names the settings if the server cannot listen on the address
 */
export const serve = async (routes: ReadonlyMap<string, Route>, host: string, port: number): Promise<HttpServer> => {
  const pipelining = new Pipelining()
  const server = createServer(limits, (request, response) => {
    if (!pipelining.admits(response)) return
    answerTo(request, routes, hostRule(host))
      .catch(() => plain(500, 'Internal error.\n'))
      .then(answer => respond(request, response, answer))
      .catch(() => response.destroy())
  })
  server.maxConnections = maxConnections
  await listening(server, host, port)
  const { address, port: given } = server.address() as AddressInfo
  const name = host === '::' ? address : host
  return {
    url: `http://${name.includes(':') ? `[${name}]` : name}:${given}/`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { loadAssets } from '../../src/observe/http/assets.ts'
import { type HttpServer, serve } from '../../src/observe/http/http.ts'
import { mostUnanswered } from '../../src/observe/http/pipelining.ts'
import { metricsOf } from '../../src/observe/metrics/metrics.ts'
import { routesOf } from '../../src/observe/http/routes.ts'
import { telemetryOf } from './worker.ts'

describe('what is served', () => {
  let server: HttpServer
  const worker = telemetryOf()
  before(async () => {
    server = await serve(routesOf(worker, metricsOf(worker), await loadAssets()), '127.0.0.1', 0)
  })
  after(() => server.close())

  const paths: [path: string, status: number, type: string][] = [
    ['/', 200, 'text/html; charset=utf-8'],
    ['/page.js', 200, 'text/javascript; charset=utf-8'],
    ['/page.css', 200, 'text/css; charset=utf-8'],
    ['/icon.svg', 200, 'image/svg+xml; charset=utf-8'],
    ['/state?now', 200, 'application/json; charset=utf-8'],
    ['/settings', 200, 'application/json; charset=utf-8'],
    ['/metrics', 200, 'text/plain; version=0.0.4; charset=utf-8'],
    ['/live', 200, 'application/json; charset=utf-8'],
    ['/ready', 503, 'application/json; charset=utf-8'],
    ['/health', 200, 'application/json; charset=utf-8'],
    ['/service/health', 200, 'application/json; charset=utf-8'],
    ['/../package.json', 404, 'text/plain; charset=utf-8'],
    ['/%2e%2e/%2e%2e/package.json', 404, 'text/plain; charset=utf-8'],
    ['/nothing', 404, 'text/plain; charset=utf-8'],
  ]
  for (const [path, status, type] of paths) {
    test(`${path} answers ${status}, sealed against framing, sniffing and strangers`, async () => {
      const response = await fetch(new URL(path, server.url))
      const body = await response.text()
      const headers = response.headers
      assert.deepEqual([response.status, headers.get('content-type')], [status, type])
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; .*frame-ancestors 'none'$/)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.equal(headers.get('access-control-allow-origin'), null)
      assert.ok(body.length > 0)
      const head = await fetch(new URL(path, server.url), { method: 'HEAD' })
      assert.deepEqual([head.status, await head.text()], [status, ''])
    })
  }

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    test(`${method} is refused`, async () => {
      const response = await fetch(server.url, { method })
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD'])
    })
  }

  const asked = async (host: string | undefined, path = '/settings', headers = {}): Promise<number> => {
    const { hostname, port } = new URL(server.url)
    const call = request({
      hostname,
      port,
      path,
      setHost: false,
      headers: host === undefined ? headers : { host, ...headers },
    })
    call.end()
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    response.resume()
    return response.statusCode ?? 0
  }

  for (const host of ['evil.example', 'evil.example:9464', '127.0.0.1.evil.example', 'localhost.evil.example.']) {
    test(`to a browser that believes it to be ${host} is nothing`, async () => {
      for (const path of ['/', '/settings', '/state', '/metrics']) assert.equal(await asked(host, path), 403)
    })
  }

  const ours = [
    '127.0.0.1',
    '10.1.2.3:9464',
    '[::1]:9464',
    'localhost:9464',
    'worker',
    'worker.prod.svc.cluster.local.',
  ]
  for (const host of ours) test(`under ${host} is answered`, async () => assert.equal(await asked(host), 200))

  test('excludes requests with large headers, and those that never end', async () => {
    assert.equal(await asked('localhost', '/', { cookie: 'x'.repeat(9_000) }), 431)
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    assert.match(answer.toString(), /^HTTP\/1\.1 408 /)
  })

  test('a client that sends many requests without waiting is cut off after a few answers', async t => {
    let asked = 0
    const answer = () => ({ status: 200, type: 'text/plain', body: `${(asked += 1)}\n` })
    const counting = await serve(new Map([['/', answer]]), '127.0.0.1', 0)
    t.after(() => counting.close())
    const { hostname, port } = new URL(counting.url)
    const pipelined = async (requests: number): Promise<void> => {
      const socket = connect(Number(port), hostname)
      // It is reset while it still sends, for which `once` would reject.
      socket.on('error', () => undefined)
      const closed = new Promise(resolve => socket.on('close', resolve))
      socket.resume()
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(requests))
      await closed
    }
    await pipelined(20_000)
    assert.equal(asked, mostUnanswered)
    await pipelined(mostUnanswered + 1)
    assert.equal(asked, 2 * mostUnanswered)
  })

  test('a client that waits for each answer keeps its connection, and one that sends a pair gets both', async t => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    t.after(() => agent.destroy())
    const ports = new Set<number | undefined>()
    for (let n = 0; n < 50; n++) {
      const call = request(new URL('/metrics', server.url), { agent }).end()
      const [response] = (await once(call, 'response')) as [IncomingMessage]
      ports.add(call.socket?.localPort)
      response.resume()
      await once(response, 'end')
    }
    assert.equal(ports.size, 1)

    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const one = (path: string, connection: string): string =>
      `HEAD ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`
    socket.write(one('/live', 'keep-alive') + one('/nothing', 'close'))
    const statuses = [...(await text(socket)).matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)
    assert.deepEqual(statuses, ['200', '404'])
  })

  test('every file that the page loads exists', async () => {
    const assets = await loadAssets()
    for (const [path, { body }] of assets) {
      const asked = body.toString().matchAll(/(?:src|href)="([\w.]+\.\w+)"|from '\.\/([\w.]+)'/g)
      for (const [, link, module] of asked)
        assert.ok(assets.has(`/${link ?? module ?? ''}`), `${path}: ${link ?? module ?? ''}`)
    }
  })

  test('on :: it answers IPv4 as well as IPv6', async t => {
    const both = await serve(new Map([['/', () => ({ status: 200, type: 'text/plain', body: 'here' })]]), '::', 0)
    t.after(() => both.close())
    const { port, hostname } = new URL(both.url)
    assert.equal(hostname, '[::]')
    for (const address of ['127.0.0.1', '[::1]']) {
      assert.equal(await (await fetch(`http://${address}:${port}/`)).text(), 'here')
    }
  })

  test('a port in use is reported with the settings that change it', async () => {
    const { port } = new URL(server.url)
    await assert.rejects(serve(new Map(), '127.0.0.1', Number(port)), {
      message: `port ${port} of 127.0.0.1 is in use: set another HTTP_PORT, or HTTP_PORT=0 for any free port`,
    })
  })
})

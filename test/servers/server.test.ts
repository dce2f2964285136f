import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { patient, toyServer } from '../../rig/servers/toy.ts'

const deadlineMs = 10_000

const until = async (what: string, condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + deadlineMs
  while (!condition()) {
    assert.ok(Date.now() < deadline, `${what} within ${deadlineMs} ms`)
    await pause(20)
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('the error for a server that ends during its start quotes its last twenty lines, and errors before them', async () => {
  const { toy } = await toyServer(
    `console.log('ERROR why'); for (let i = 1; i <= 30; i++) console.log('line', i); process.exit(3)`,
  )
  const message = await toy.start().then(
    () => 'it serves',
    (error: unknown) => String(error),
  )
  await toy.stop()
  assert.match(message, /Toy ended during its start.*\nERROR why\nline 11\n[^]*line 30$/)
})

test('a killed server starts again as a new process with the same data', async () => {
  const { toy, folder } = await toyServer(patient)
  await toy.start()
  const first = toy.pid
  await writeFile(join(folder, 'data'), 'kept')
  await toy.kill()
  assert.ok(!isAlive(first))
  await toy.restart()
  assert.notEqual(toy.pid, first)
  assert.equal(await readFile(join(folder, 'data'), 'utf8'), 'kept')
  await toy.stop()
})

test('a restart shuts down a running server in order, even a paused one', async () => {
  const { toy } = await toyServer(`process.on('SIGTERM', () => { console.log('bye'); process.exit() }); ${patient}`)
  await toy.start()
  toy.pause()
  await toy.restart()
  assert.equal(await readFile(toy.logFile, 'utf8'), 'up\nbye\nup\n')
  await toy.stop()
})

test('a stop ends a paused server and removes its folder', async () => {
  const { toy, folder } = await toyServer(patient)
  await toy.start()
  const { pid } = toy
  toy.pause()
  await toy.stop()
  assert.ok(!isAlive(pid))
  assert.ok(!existsSync(folder))
})

test('a server and its folder disappear soon after its parent is killed', async () => {
  const parent = `
    const { patient, toyServer } = await import('${new URL('../../rig/servers/toy.js', import.meta.url).href}')
    const { toy, folder } = await toyServer(patient)
    await toy.start()
    console.log(toy.pid + ' ' + folder)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const [pid = '', folder = ''] = line.toString().trim().split(' ')
  assert.ok(isAlive(Number(pid)))
  child.kill('SIGKILL')
  await until('the server ended', () => !isAlive(Number(pid)))
  await until('its folder was removed', () => !existsSync(folder))
})

test('a process that does not stop its server can exit, and the server exits too', async () => {
  const parent = `
    const { patient, toyServer } = await import('${new URL('../../rig/servers/toy.js', import.meta.url).href}')
    const { toy } = await toyServer(patient)
    await toy.start()
    console.log(toy.pid)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  await until('the parent ended', () => child.exitCode === 0)
  await until('the server ended', () => !isAlive(Number(line.toString())))
})

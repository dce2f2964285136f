import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programsFolder, projectFolder } from '../../rig/servers/folders.ts'

const execute = promisify(execFile)

const version = '3.18.6'
const folder = join(programsFolder, `helm-${version}`)
const helm = join(folder, 'helm')
const chart = join(projectFolder, 'deploy', 'chart')

/** Whether Helm exists, or Go to build it. */
export const canHaveHelm = (): boolean => existsSync(helm) || spawnSync('go', ['version']).status === 0

/** Builds Helm from its Go module. This takes minutes, but only once. */
export const ensureHelm = async (): Promise<void> => {
  if (existsSync(helm)) return
  const env = { ...process.env, GOBIN: folder }
  await execute('go', ['install', '-ldflags=-s -w', `helm.sh/helm/v3/cmd/helm@v${version}`], { env })
}

/** The output of `helm lint`. @throws Error with the output if it finds a fault */
export const lint = async (): Promise<string> => (await execute(helm, ['lint', '--strict', chart])).stdout

/** The manifests with these values, as one YAML text. @throws Error with Helm's message */
export const render = async (values: object = {}): Promise<string> => {
  const set = Object.entries(values).flatMap(([name, value]) => ['--set-json', `${name}=${JSON.stringify(value)}`])
  const { stdout } = await execute(helm, ['template', 'worker', chart, '--kube-version', '1.31.0', ...set])
  return stdout
}

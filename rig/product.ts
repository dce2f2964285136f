import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from './servers/folders.ts'

/** The main module of the product that was built in a checkout: the worker as the image and the npm package contain it. */
export const productIn = (checkout: string): string => join(checkout, 'dist', 'product', 'src', 'main.js')

/** The command that starts the worker in the image. */
export const entryPoint = (): readonly string[] => {
  const [, command = '[]'] =
    /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(projectFolder, 'Dockerfile'), 'utf8')) ?? []
  return JSON.parse(command) as string[]
}

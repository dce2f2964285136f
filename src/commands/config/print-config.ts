import { type Configuration } from '../../config/load.ts'
import { renderInForce } from '../../config/render.ts'

/** Prints what is in force, secrets masked. */
export const printConfig = ({ inForce }: Pick<Configuration, 'inForce'>, write: (text: string) => void): void =>
  write(renderInForce(inForce))

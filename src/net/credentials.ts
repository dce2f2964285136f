import { type Current } from '../config/define.ts'
import { type Tls } from '../config/tls-settings.ts'

interface PemOptions {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Options for node:tls. They are read again for each connection, so that certificates can be replaced. */
export const currentPem = (files: Tls): PemOptions => {
  const options: PemOptions = {}
  for (const name of ['ca', 'cert', 'key'] as const) {
    const read = files[name]
    if (read !== undefined) Object.defineProperty(options, name, { enumerable: true, get: read })
  }
  return options
}

/** The password is read again for each login. The configuration requires both user and password, or neither. */
export const currentLogin = ({
  username = '',
  password = () => '',
}: {
  readonly username: string | undefined
  readonly password: Current | undefined
}): { readonly username: string; readonly password: string } => ({
  username,
  get password() {
    return password()
  },
})

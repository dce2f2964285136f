import { type Current } from '../config/define.ts'
import { type Tls } from '../config/tls-settings.ts'

interface PemOptions {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** As node:tls takes them. They are read anew for each connection, so that a certificate can be replaced. */
export const currentPem = (files: Tls): PemOptions => {
  const options: PemOptions = {}
  for (const name of ['ca', 'cert', 'key'] as const) {
    const read = files[name]
    if (read !== undefined) Object.defineProperty(options, name, { enumerable: true, get: read })
  }
  return options
}

/** The password is read anew for each login. Half a login is a fault of the configuration. */
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

import { isIP } from 'node:net'

const withoutPort = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()

// Names that nobody can register: of one label, and below what is reserved for local use.
const isLocal = (name: string): boolean => !name.includes('.') || /\.(localhost|local|internal|svc)$/.test(name)

/**
 * Whether a request's Host header may be answered. A page elsewhere can have its own name resolve to this server and
 * read what it serves (DNS rebinding); its name is a public one. Accepted are addresses, local names and `served`.
 *
 * @param served the host that the server listens on
 */
export const hostRule =
  (served: string) =>
  (host: string | undefined): boolean => {
    // Before HTTP/1.1 there is none; no browser leaves it out.
    if (host === undefined) return true
    const name = withoutPort(host)
    return isIP(name) !== 0 || isLocal(name) || name === served.toLowerCase()
  }

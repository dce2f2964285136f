import { isIP } from 'node:net'

const withoutPort = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()

// Names that nobody can register: single labels, and names below reserved local domains.
const isLocal = (name: string): boolean => !name.includes('.') || /\.(localhost|local|internal|svc)$/.test(name)

/**
 * Whether to answer a request with this Host header. A foreign page could make its own, public name resolve to this server
 * and read the responses (DNS rebinding). Addresses, local names and `served` are accepted.
 *
 * @param served the host that the server listens on
 */
export const hostRule =
  (served: string) =>
  (host: string | undefined): boolean => {
    // HTTP/1.0 has no Host header. Browsers always send it.
    if (host === undefined) return true
    const name = withoutPort(host)
    return isIP(name) !== 0 || isLocal(name) || name === served.toLowerCase()
  }

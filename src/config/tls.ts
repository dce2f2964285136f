/** Texts in PEM format; each may be left out. */
export interface Tls {
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
}

/** As node:tls takes it: what is left out is not there. */
export const definedOnly = ({ ca, cert, key }: Tls): { ca?: string; cert?: string; key?: string } => ({
  ...(ca === undefined ? {} : { ca }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key }),
})

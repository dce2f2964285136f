/** Placeholder. */
export const registerCodecs = (): void => undefined

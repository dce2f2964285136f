/** The steps that wait and retry when a server has a fault. */
export const steps = ['cassandra', 'topics', 'consume', 'locate', 'write', 'dead-letter', 'commit'] as const

export type Step = (typeof steps)[number]

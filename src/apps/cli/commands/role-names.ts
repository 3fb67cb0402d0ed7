// What a process of a shared log may do beside others.

export const ROLES = ['process', 'archive'] as const
export type Role = (typeof ROLES)[number]

// The digest of this machine: SHA-256 as hex, for everything the core asks to be digested.

import { hash } from 'node:crypto'

import type { Digest } from '../../core/index.ts'

export const sha256: Digest = (text) => hash('sha256', text, 'hex')

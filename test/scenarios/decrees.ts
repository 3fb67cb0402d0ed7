// What stewards and administrators may say in a scenario; who is meant is written in short names.

import type { Decree } from '../../src/core/profile/apply-decree.ts'
import type { Key } from '../../src/core/identifier/identifier.ts'

/** A decree before its names have become keys. */
export interface Decreed {
  /** What an undo calls it by. */
  readonly called: string
  readonly decree: (keysOf: (names: string) => readonly Key[], earlier: Earlier) => Decree
  readonly type: Decree['type']
  /** Of an undo, the verdict; of a quarantine, release or erasure, the names. */
  readonly about: string
}

/** The decree that was called so. */
type Earlier = (called: string) => Decree | undefined

function verdict(called: string, answer: 'same' | 'different', a: string, b: string): Decreed {
  return {
    called,
    type: 'verdict',
    about: called,
    decree: (keysOf) => ({
      type: 'verdict',
      verdict: answer,
      a: keysOf(a),
      b: keysOf(b),
      note: '',
    }),
  }
}

/** The steward was shown two sets of members and says: one person. */
export const same = (called: string, a: string, b: string): Decreed => verdict(called, 'same', a, b)

/** The steward was shown two sets of members and says: two people. */
export const different = (called: string, a: string, b: string): Decreed =>
  verdict(called, 'different', a, b)

export const undo = (called: string): Decreed => ({
  called: `undo ${called}`,
  type: 'undo',
  about: called,
  decree: (_, earlier) => {
    const taken = earlier(called)
    const members = taken?.type === 'verdict' ? [...taken.a, ...taken.b] : []
    return { type: 'undo', of: called, members }
  },
})

function onOne(type: 'quarantine' | 'release', name: string): Decreed {
  return {
    called: `${type} ${name}`,
    type,
    about: name,
    decree: (keysOf) => ({ type, identifier: keysOf(name)[0] ?? '', note: '' }),
  }
}

export const quarantine = (name: string): Decreed => onOne('quarantine', name)

export const release = (name: string): Decreed => onOne('release', name)

export const erase = (names: string): Decreed => ({
  called: `erase ${names}`,
  type: 'erasure',
  about: names,
  decree: (keysOf) => ({ type: 'erasure', identifiers: keysOf(names) }),
})

/** The decrees without those that were taken back, and without what took them back. */
export function standing(decrees: readonly Decreed[]): readonly Decreed[] {
  return decrees.filter((one, i) => {
    if (one.type === 'undo' || one.type === 'release') return false
    const taker = one.type === 'verdict' ? 'undo' : 'release'
    return !decrees.slice(i).some((later) => later.type === taker && later.about === one.about)
  })
}

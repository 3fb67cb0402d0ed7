// What an event of the stream is called, and into which of a few sorts it falls.

import type { FeedEvent } from '../state/state.ts'

export const SORTS = {
  '': 'everything',
  profiles: 'profiles: all changes',
  created: 'profiles: new',
  merged: 'profiles: merged',
  split: 'profiles: split',
  questions: 'questions and decisions',
  runs: 'runs',
} as const

const WORDS: Readonly<Record<string, string>> = {
  'profile.created': 'new',
  'profile.merged': 'merged',
  'profile.split': 'split',
  'profile.updated': 'updated',
  'profile.confirmed': 'confirmed',
  'review.opened': 'question',
  'review.closed': 'question settled',
  'review.decided': 'decided',
  'review.undone': 'decision undone',
  'run.finished': 'run finished',
}

export function eventWords(type: string): string {
  return WORDS[type] ?? type.replaceAll(/[._]/g, ' ')
}

const BEGINNINGS: Readonly<Record<string, string>> = {
  profiles: 'profile.',
  questions: 'review.',
  runs: 'run.',
}

/** An unknown sort is everything: it comes from the address. */
export function isOfSort({ type }: FeedEvent, sort: string): boolean {
  if (sort === '' || !Object.hasOwn(SORTS, sort)) return true
  const beginning = BEGINNINGS[sort]
  return beginning === undefined ? type === `profile.${sort}` : type.startsWith(beginning)
}

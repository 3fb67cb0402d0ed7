// Values of options, as the person wrote them: each is understood or refused with what it may be.

import { InvalidArgumentError, Option } from 'commander'

import { TROUBLES } from '../../simulator/trouble.ts'

export function listOf(text: string): readonly string[] {
  return text.split(',').map((one) => one.trim())
}

export function whole(text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(number)) return number
  throw new InvalidArgumentError('It is a whole number.')
}

export function wholeFrom(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = whole(text)
    if (number >= least && number <= most) return number
    const range = most === Number.MAX_SAFE_INTEGER ? `${least}` : `${least} to ${most}`
    throw new InvalidArgumentError(`It is a whole number from ${range}.`)
  }
}

export function site(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/.test(text)) return text
  throw new InvalidArgumentError('A site is up to 63 lower-case letters, digits, "_", "-", ".".')
}

export function troubleOption(): Option {
  return new Option('--trouble <name>', 'what misleads whoever learns from those who sign in')
    .choices(TROUBLES)
    .default('none')
}

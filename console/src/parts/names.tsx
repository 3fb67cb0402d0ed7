// An identifier or a profile by what people call it, leading to where more is said of it.

import { hashOf } from '../state/place.ts'
import { shortened } from './words.ts'

/** Leads to the profile that holds it. */
export function IdentifierName({ text }: { readonly text: string }) {
  const colon = text.indexOf(':')
  const short = shortened(text)
  return (
    <a class="identifier" href={hashOf('profile', text)} title={text}>
      <span class="identifier-type">{text.slice(0, colon)}</span>
      {short.slice(colon + 1)}
    </a>
  )
}

export function ProfileName({
  id,
  name = null,
}: {
  readonly id: string
  readonly name?: string | null
}) {
  return (
    <a class="profile-name" href={hashOf('profile', id)} title={id}>
      {name ?? <code>{id.slice(0, 12)}</code>}
    </a>
  )
}

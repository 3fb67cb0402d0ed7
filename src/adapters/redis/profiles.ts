// Profiles by their ids: those that are asked for in the same turn together, for whoever tells others asks for hundreds.
// Invariant: each asker gets the answer of its own id.

import type { IdentityStore } from '../../ports/identity-store.ts'
import type { Asking } from './asking.ts'
import { ByteReader, profileField, profileOfField } from './bytes.ts'
import { PROFILES } from './query-scripts.ts'
import { readNode, readProfile } from './records.ts'

type Found = Awaited<ReturnType<IdentityStore['profile']>>

/** While one script runs nobody else is answered. */
const IDS_A_SCRIPT = 50

interface Gathering {
  readonly ids: string[]
  /** In the order of the ids. */
  readonly answers: Promise<readonly unknown[]>
}

export function profilesOf({ run }: Asking): Pick<IdentityStore, 'profile'> {
  let gathering: Gathering | null = null
  const begin = (): Gathering => {
    const ids: string[] = []
    const answers = Promise.resolve().then(async () => {
      if (gathering?.ids === ids) gathering = null
      return (await run(PROFILES, ...ids.map(profileField))) as readonly unknown[]
    })
    return { ids, answers }
  }
  return {
    profile: async (id) => {
      gathering ??= begin()
      const { ids, answers } = gathering
      const place = ids.push(id) - 1
      if (ids.length === IDS_A_SCRIPT) gathering = null
      return profileIn((await answers)[place])
    },
  }
}

function profileIn(answer: unknown): Found {
  const [id, record, ...nodes] = answer as readonly Buffer[]
  if (id === undefined || record === undefined) return null
  const members = nodes.map((node) => {
    const bytes = new ByteReader(node)
    return readNode(bytes, bytes.key())
  })
  return {
    profile: readProfile(new ByteReader(record), profileOfField(id)),
    members: members.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  }
}

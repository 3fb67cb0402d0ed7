// Commands on the hashes of one graph, in the words of the smaller questions.

import type { Argument, Link } from './link.ts'
import type { KeyName, Names } from './namespaces.ts'

type On<T> = (command: string, name: KeyName, ...given: readonly Argument[]) => Promise<T>

export interface Asking {
  /** A command on one of the graph's keys. */
  readonly on: On<unknown>
  /** 0 for none. */
  readonly number: On<number>
  /** Of fields of a hash; those that are not there are left out. */
  readonly values: (name: KeyName, fields: readonly Argument[]) => Promise<Buffer[]>
  readonly run: (script: string, ...given: readonly Argument[]) => Promise<unknown>
}

export function askingOf(link: Link, names: Names): Asking {
  const on: Asking['on'] = (command, name, ...given) => link.ask(command, names.key(name), ...given)
  return {
    on,
    number: async (...given) => Number((await on(...given)) ?? 0),
    values: async (name, fields) => {
      if (fields.length === 0) return []
      const found = (await on('HMGET', name, ...fields)) as (Buffer | null)[]
      return found.filter((one) => one !== null)
    },
    run: (script, ...given) => link.run(script, names.keys, given),
  }
}

// `graphs`: the graphs of an account on Redis: the one that serves, and one that is built beside it.

import { withRedisNamespaces, type RedisNamespaces } from '../../../adapters/redis/index.ts'
import { accountMeant } from '../../account/accounts.ts'
import { withCertificate } from '../../stack/open-graph.ts'
import { UserError } from '../../user-error.ts'
import { DONE, openOptionsOf, type Invocation } from '../invocation.ts'

export async function listGraphs(invocation: Invocation): Promise<number> {
  const graphs = await onRedis(invocation, (namespaces) => namespaces.list())
  const { terminal, json } = invocation
  if (json) {
    const rows = graphs.map(({ name, isServing }) => ({ name, serving: isServing }))
    terminal.say(JSON.stringify({ graphs: rows }))
    return DONE
  }
  for (const { name, isServing } of graphs) terminal.say(`${name}${isServing ? '  serves' : ''}`)
  return DONE
}

export async function switchGraph(invocation: Invocation, name: string): Promise<number> {
  await onRedis(invocation, async (namespaces) => {
    await known(namespaces, name)
    await namespaces.switchTo(name)
  })
  invocation.terminal.say(`${name} serves now`)
  return DONE
}

export async function dropGraph(invocation: Invocation, name: string): Promise<number> {
  await onRedis(invocation, async (namespaces) => {
    const { isServing } = await known(namespaces, name)
    if (isServing)
      throw new UserError(`${name} is the graph that serves`, {
        hint: 'Switch to another one first: selfsame graphs switch NAME',
      })
    await namespaces.drop(name)
  })
  invocation.terminal.say(`${name} is gone`)
  return DONE
}

/** Before a processor writes it: one that is built anew must not serve, and any other must be there. @throws {UserError} */
export async function checkGraph(
  invocation: Invocation,
  name: string,
  isNew: boolean,
): Promise<void> {
  await onRedis(invocation, async (namespaces) => {
    if (!isNew) await known(namespaces, name)
    else if ((await namespaces.list()).some((one) => one.name === name && one.isServing))
      throw new UserError(`${name} is the graph that serves`, {
        hint: 'Build one of another name beside it, and switch when it has caught up.',
      })
  })
}

async function known(
  namespaces: RedisNamespaces,
  name: string,
): Promise<Awaited<ReturnType<RedisNamespaces['list']>>[number]> {
  const all = await namespaces.list()
  const found = all.find((one) => one.name === name)
  if (found !== undefined) return found
  throw new UserError(`there is no graph ${name}`, {
    hint: `There is ${all.map((one) => one.name).join(', ') || 'none yet'}.`,
  })
}

async function onRedis<T>(
  invocation: Invocation,
  work: (namespaces: RedisNamespaces) => Promise<T>,
): Promise<T> {
  const { stack, configuration, account: named } = await openOptionsOf(invocation)
  const graph = stack?.graph ?? null
  if (graph?.startsWith('redis') !== true)
    throw new UserError('this graph is in the data directory: there is one', {
      hint: 'Several graphs of an account are for a graph on Redis (docs/deploy.md).',
    })
  const account = await accountMeant(invocation.dataDirectory, named, configuration)
  const { url, ca } = await withCertificate(graph)
  return withRedisNamespaces(url, { account, ...(ca !== undefined && { ca }) }, work)
}

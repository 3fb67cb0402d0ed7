// The commands about who may send and ask, and about what was sent and not taken.

import { type Command, Option } from 'commander'

import { example, invocationOf, type ProgramParts } from './command-parts.ts'
import type { CreateOptions } from './commands/keys.ts'
import { listOf, wholeFrom } from './values.ts'

export function addRejects(program: Command, parts: ProgramParts): void {
  const rejects = program.command('rejects').description('messages that were sent and not taken')
  rejects
    .command('list', { isDefault: true })
    .description('the latest, with their reasons')
    .option('--limit <number>', 'how many', wholeFrom(1, 1_000), 20)
    .addHelpText('after', example('selfsame rejects'))
    .action(async (options: { limit: number }, command: Command) => {
      const { showRejects } = await import('./commands/rejects.ts')
      parts.exit(await showRejects(invocationOf(command, parts), options.limit))
    })
  rejects
    .command('replay')
    .description('take them once more, after a limit or a setting was mended')
    .addHelpText('after', example('selfsame rejects replay'))
    .action(async (_: unknown, command: Command) => {
      const { replayRejects } = await import('./commands/rejects.ts')
      parts.exit(await replayRejects(invocationOf(command, parts)))
    })
}

export function addKeys(program: Command, parts: ProgramParts): void {
  const keys = program.command('keys').description('who may send, and who may ask')
  keys
    .command('create')
    .description('a write key for a site, or a token for a role; shown once')
    .option('--site <name>', 'write key: whose messages come with it')
    .option('--key <key>', 'write key: the one your clients have already')
    .addOption(
      new Option('--role <role>', 'token: what it may do').choices(['reader', 'steward', 'admin']),
    )
    .option(
      '--sites <names>',
      'token of a reader: the only sites it sees, with commas between',
      listOf,
    )
    .option('--label <text>', 'what it is for', '')
    .addHelpText(
      'after',
      example(
        'selfsame keys create --site shop',
        'selfsame keys create --role reader --label "the shop’s recommendations"',
      ),
    )
    .action(async (options: CreateOptions, command: Command) => {
      const { createKey } = await import('./commands/keys.ts')
      parts.exit(await createKey(invocationOf(command, parts), options))
    })
  keys
    .command('list')
    .description('all of the account, and when they were last used')
    .addHelpText('after', example('selfsame keys list'))
    .action(async (_: unknown, command: Command) => {
      const { listKeys } = await import('./commands/keys.ts')
      parts.exit(await listKeys(invocationOf(command, parts)))
    })
  keys
    .command('revoke')
    .description('make a key void, at once and for good')
    .argument('<id>', 'key_…, by which `keys list` names it')
    .addHelpText('after', example('selfsame keys revoke key_Xk2bqmJ0w1aP'))
    .action(async (id: string, _: unknown, command: Command) => {
      const { revokeKey } = await import('./commands/keys.ts')
      parts.exit(await revokeKey(invocationOf(command, parts), id))
    })
}

// The command line: every command, its options, an example for each. What a command does is loaded when it runs.

import { Command, Option } from 'commander'

import { addKeys, addRejects } from './access-commands.ts'
import { DATA_DIRECTORY, example, invocationOf, type ProgramParts } from './command-parts.ts'
import { addReview } from './review-commands.ts'
import { addStack } from './stack-commands.ts'
import type { LearnOptions } from './commands/learn.ts'
import { ROLES } from './commands/role-names.ts'
import type { ServeOptions } from './commands/serve.ts'
import type { ResolveOptions } from './commands/resolve.ts'
import type { DemoOptions } from './commands/demo.ts'
import type { SimulateOptions } from './commands/simulate.ts'
import { FORMATS, SQL_EXAMPLES, SQL_NOTES, type SqlOptions } from './commands/sql-options.ts'
import { site, troubleOption, whole, wholeFrom } from './values.ts'

export function createProgram(parts: ProgramParts): Command {
  const program = new Command('selfsame')
    .description('Which person is this identifier, how sure are we, and why.')
    .version(parts.version)
    .option('--data <dir>', `data directory (default: $SELFSAME_DATA or ${DATA_DIRECTORY})`)
    .option('--config <file>', 'configuration (default: selfsame.config.json if there is one)')
    .option('--account <name>', 'the account meant, where there are several')
    .option('--json', 'answer for machines')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride()
  addLoading(program, parts)
  addResolving(program, parts)
  addAsking(program, parts)
  addReview(program, parts)
  addSql(program, parts)
  addRejects(program, parts)
  addKeys(program, parts)
  addStack(program, parts)
  addSimulating(program, parts)
  return program
}

function addLoading(program: Command, parts: ProgramParts): void {
  program
    .command('ingest')
    .description('load tracking messages: NDJSON, gzip too; - is standard input')
    .argument('<file...>', 'files with a message a line')
    .option('--site <name>', 'site of messages that name none in "site"', site, 'default')
    .addHelpText(
      'after',
      example('selfsame ingest events.ndjson.gz', 'zcat *.gz | selfsame ingest -'),
    )
    .action(async (files: string[], options: { site: string }, command: Command) => {
      const { ingest } = await import('./commands/ingest.ts')
      parts.exit(await ingest(invocationOf(command, parts), files, options))
    })
  program
    .command('serve')
    .description('take messages over HTTP and answer questions, until it is stopped')
    .option('--port <number>', 'port, 0 for any that is free', wholeFrom(0, 65_535), 8787)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--with <roles...>', 'of a log on Kafka: what this process does too').choices(
        ROLES,
      ),
    )
    .addHelpText(
      'after',
      example('selfsame serve --port 8787', 'selfsame serve --with process archive'),
    )
    .action(async (options: ServeOptions, command: Command) => {
      const { serve } = await import('./commands/serve.ts')
      parts.exit(await serve(invocationOf(command, parts), options))
    })
}

function addResolving(program: Command, parts: ProgramParts): void {
  program
    .command('resolve')
    .description('the batch: compute everything again, confirm or correct, publish the tables')
    .option('--dry-run', 'change nothing, only say what would change', false)
    .option('--memory <megabytes>', 'memory to use (default: half of the machine)', wholeFrom(256))
    .option('--threads <number>', 'threads to use (default: all)', wholeFrom(1, 1_024))
    .addHelpText(
      'after',
      example('selfsame resolve', 'selfsame resolve --dry-run --config other.json'),
    )
    .action(async (options: ResolveOptions, command: Command) => {
      const { resolve } = await import('./commands/resolve.ts')
      parts.exit(await resolve(invocationOf(command, parts), options))
    })
  program
    .command('learn')
    .description('learn from the log how alike one person’s cookies are, and go by it from now on')
    .option('--weights', 'show what the strongest signals weigh', false)
    .option('--memory <megabytes>', 'memory to use (default: half of the machine)', wholeFrom(256))
    .option('--threads <number>', 'threads to use (default: all)', wholeFrom(1, 1_024))
    .addHelpText(
      'after',
      `\nEvery resolve learns too, and decides all profiles anew by it; this decides only what comes from now on.\n${example('selfsame learn --weights')}`,
    )
    .action(async (options: LearnOptions, command: Command) => {
      const { learn } = await import('./commands/learn.ts')
      parts.exit(await learn(invocationOf(command, parts), options))
    })
}

function addAsking(program: Command, parts: ProgramParts): void {
  program
    .command('profile')
    .description('the profile of an identifier, or by its id')
    .argument('<identifier>', 'TYPE:VALUE, such as email:ana@example.com, or prf_…')
    .option('--timeline <events>', 'latest events to show', wholeFrom(0, 1_000), 10)
    .addHelpText(
      'after',
      example('selfsame profile email:ana@example.com', 'selfsame profile external_id:crm:123'),
    )
    .action(async (asked: string, options: { timeline: number }, command: Command) => {
      const { profile } = await import('./commands/profile.ts')
      parts.exit(await profile(invocationOf(command, parts), asked, options.timeline))
    })
  program
    .command('explain')
    .description('why two identifiers are one person, or are not')
    .argument('<a>', 'TYPE:VALUE, or prf_…')
    .argument('[b]', 'the other one; without it: why A is in its profile')
    .addHelpText('after', example('selfsame explain cookie:c-phone email:ana@example.com'))
    .action(async (a: string, b: string | undefined, _: unknown, command: Command) => {
      const { explain } = await import('./commands/explain.ts')
      parts.exit(await explain(invocationOf(command, parts), a, b ?? null))
    })
  program
    .command('verify')
    .description('check the data: every profile against a rebuild from the log')
    .addHelpText('after', example('selfsame verify'))
    .action(async (_: unknown, command: Command) => {
      const { verify } = await import('./commands/verify.ts')
      parts.exit(await verify(invocationOf(command, parts)))
    })
}

function addSql(program: Command, parts: ProgramParts): void {
  program
    .command('sql')
    .description('ask the published tables in SQL, as of the last batch run')
    .argument('<query>', 'one statement that reads; - is standard input')
    .addOption(
      new Option('--format <format>', 'default: by the end of the file’s name, else table').choices(
        FORMATS,
      ),
    )
    .option('--out <file>', 'where to write it, whole or not at all; a file there is replaced')
    .option('--limit <number>', 'rows at most (default: 1000 of a table)', wholeFrom(1))
    .addHelpText('after', `${SQL_NOTES}\n${example(...SQL_EXAMPLES)}`)
    .action(async (query: string, options: SqlOptions, command: Command) => {
      const { sql } = await import('./commands/sql.ts')
      parts.exit(await sql(invocationOf(command, parts), query, options))
    })
}

function addSimulating(program: Command, parts: ProgramParts): void {
  program
    .command('simulate')
    .description('write the messages of a simulated world, and who is who in it')
    .requiredOption('--people <number>', 'people in it', wholeFrom(1))
    .option('--seed <number>', 'equal seeds give equal worlds', whole, 1)
    .option('--days <number>', 'days it lasts', wholeFrom(1), 60)
    .option('--hard', 'with the ugly half: kiosks, shared tablets, junk, recycled phones …', false)
    .addOption(troubleOption())
    .option('--out <file>', 'where messages go; gzip if it ends in .gz', '-')
    .option('--truth <file>', 'where to write whose each identifier is')
    .option('--event-truth <file>', 'where to write whose each event is')
    .addHelpText(
      'after',
      example('selfsame simulate --people 1000 --out world.ndjson --truth truth.csv'),
    )
    .action(async (options: SimulateOptions, command: Command) => {
      const { simulateWorld } = await import('./commands/simulate.ts')
      parts.exit(await simulateWorld(invocationOf(command, parts), options))
    })
  program
    .command('evaluate')
    .description('how right the profiles are, against a truth')
    .requiredOption('--truth <file>', 'CSV: identifier,person or cookie,person or event_id,person')
    .option('--no-model', 'leave out what the model says of pairs: it takes as long as a dry run')
    .addHelpText('after', example('selfsame evaluate --truth truth.csv'))
    .action(async (options: { truth: string; model: boolean }, command: Command) => {
      const { evaluate } = await import('./commands/evaluate.ts')
      parts.exit(await evaluate(invocationOf(command, parts), options))
    })
  program
    .command('demo')
    .description('a simulated shop, resolved before your eyes; needs nothing')
    .option('--people <number>', 'people in it', wholeFrom(1), 2_000)
    .option('--no-serve', 'end once it is told, without the console')
    .addHelpText('after', example('selfsame demo'))
    .action(async (options: DemoOptions, command: Command) => {
      const { demo } = await import('./commands/demo.ts')
      parts.exit(await demo(invocationOf(command, parts), options))
    })
}

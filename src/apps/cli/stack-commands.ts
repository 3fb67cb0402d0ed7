// The commands of a log and a graph that several processes share.

import type { Command } from 'commander'

import { example, invocationOf, type ProgramParts } from './command-parts.ts'
import type { ProcessOptions } from './commands/process.ts'
import { wholeFrom } from './values.ts'

export function addStack(program: Command, parts: ProgramParts): void {
  program
    .command('process')
    .description('decide a share of the log on Kafka, beside others that do, until it is stopped')
    .option(
      '--namespace <name>',
      'of several graphs on Redis the one to write (default: the one that serves)',
    )
    .option('--from-beginning', 'build that graph anew, while another one serves', false)
    .option(
      '--metrics-port <number>',
      'serve /metrics on this port of the loopback',
      wholeFrom(0, 65_535),
    )
    .addHelpText(
      'after',
      example('selfsame process', 'selfsame process --from-beginning --namespace next'),
    )
    .action(async (options: ProcessOptions, command: Command) => {
      const { processCommand } = await import('./commands/process.ts')
      parts.exit(await processCommand(invocationOf(command, parts), options))
    })
  program
    .command('archive')
    .description('write the log on Kafka into the files a batch reads, until it is stopped')
    .option(
      '--metrics-port <number>',
      'serve /metrics on this port of the loopback',
      wholeFrom(0, 65_535),
    )
    .addHelpText('after', example('selfsame archive'))
    .action(async (options: Pick<ProcessOptions, 'metricsPort'>, command: Command) => {
      const { archiveCommand } = await import('./commands/process.ts')
      parts.exit(await archiveCommand(invocationOf(command, parts), options))
    })
  addGraphs(program, parts)
}

function addGraphs(program: Command, parts: ProgramParts): void {
  const graphs = program
    .command('graphs')
    .description('the graphs of an account on Redis, one of which serves')
  graphs
    .command('list', { isDefault: true })
    .description('all there are')
    .addHelpText('after', example('selfsame graphs list'))
    .action(async (_: unknown, command: Command) => {
      const { listGraphs } = await import('./commands/graphs.ts')
      parts.exit(await listGraphs(invocationOf(command, parts)))
    })
  graphs
    .command('switch')
    .description('let another one serve from now on')
    .argument('<name>', 'the graph, built by `process --from-beginning`')
    .addHelpText('after', example('selfsame graphs switch next'))
    .action(async (name: string, _: unknown, command: Command) => {
      const { switchGraph } = await import('./commands/graphs.ts')
      parts.exit(await switchGraph(invocationOf(command, parts), name))
    })
  graphs
    .command('drop')
    .description('remove one that does not serve')
    .argument('<name>', 'the graph')
    .addHelpText('after', example('selfsame graphs drop main'))
    .action(async (name: string, _: unknown, command: Command) => {
      const { dropGraph } = await import('./commands/graphs.ts')
      parts.exit(await dropGraph(invocationOf(command, parts), name))
    })
}

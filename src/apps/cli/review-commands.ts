// The commands of a steward.

import { Argument, type Command } from 'commander'

import { example, invocationOf, type ProgramParts } from './command-parts.ts'
import type { DecideOptions, ListOptions } from './commands/review.ts'
import { wholeFrom } from './values.ts'

export function addReview(program: Command, parts: ProgramParts): void {
  const review = program
    .command('review')
    .description('the questions to stewards, and their answers')
  review
    .command('list', { isDefault: true })
    .description('what is asked, what is worth most first')
    .option('--decided', 'what was decided, the latest first', false)
    .option('--limit <number>', 'how many', wholeFrom(1, 200), 20)
    .addHelpText('after', example('selfsame review list', 'selfsame review list --decided'))
    .action(async (options: ListOptions, command: Command) => {
      const { listReviews } = await import('./commands/review.ts')
      parts.exit(await listReviews(invocationOf(command, parts), options))
    })
  review
    .command('show')
    .description('one question: both profiles, and what speaks for one person')
    .argument('<id>', 'rev_…, by which `review list` names it')
    .addHelpText('after', example('selfsame review show rev_8bc3914482d315bd015e'))
    .action(async (id: string, _: unknown, command: Command) => {
      const { showReview } = await import('./commands/review.ts')
      parts.exit(await showReview(invocationOf(command, parts), id))
    })
  review
    .command('decide')
    .description('say that the two are one person, or are not')
    .argument('<id>', 'rev_…, by which `review list` names it')
    .addArgument(new Argument('<verdict>', 'what you say').choices(['same', 'different']))
    .option('--note <text>', 'why, for whoever asks later', '')
    .option('--as <name>', 'who decides (default: you, as the machine knows you)')
    .addHelpText(
      'after',
      example(
        'selfsame review decide rev_8bc3914482d315bd015e same --note "one household, one name"',
      ),
    )
    .action(
      async (
        id: string,
        verdict: 'same' | 'different',
        options: DecideOptions,
        command: Command,
      ) => {
        const { decideReview } = await import('./commands/review.ts')
        parts.exit(await decideReview(invocationOf(command, parts), { id, verdict }, options))
      },
    )
  review
    .command('undo')
    .description('take a decision back')
    .argument('<id>', 'rev_…, by which `review list --decided` names it')
    .option('--as <name>', 'who takes it back (default: you, as the machine knows you)')
    .addHelpText('after', example('selfsame review undo rev_8bc3914482d315bd015e'))
    .action(async (id: string, options: Pick<DecideOptions, 'as'>, command: Command) => {
      const { undoReview } = await import('./commands/review.ts')
      parts.exit(await undoReview(invocationOf(command, parts), id, options))
    })
}

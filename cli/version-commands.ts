import { Option, type Command } from 'commander'
import type { Terminal } from './terminal'

/** The commands about the versions of a table. */
export function addVersionCommands(command: (name: string, description: string) => Command, terminal: Terminal): void {
  command('versions <table>', 'the kept versions of a table: what made each of them, when, and its rows')
    .option('--keep <number>', 'keep so many versions of it from now on; default for the number of the workspace')
    .option('--days <number>', 'keep its versions for so many days from now on; default for the number of the workspace')
    .action(async (table, options) => (await import('./commands/versions')).versions(terminal, table, options))

  command('retention', 'how long versions are kept in the workspace, where their table does not say it')
    .option('--keep <number>', 'keep so many versions of each table from now on; default for the usual number')
    .option('--days <number>', 'keep them for so many days from now on; default for the usual number')
    .action(async (options) => (await import('./commands/retention')).retention(terminal, options))

  command('diff <table> <from> <to>', 'what changed between two versions of a table: the rows inserted, updated and deleted')
    .addOption(new Option('--kind <kind>', 'only these changes').choices(['inserted', 'updated', 'deleted']))
    .option('--limit <rows>', 'so many changed rows at most', '100')
    .action(async (table, from, to, options) => (await import('./commands/diff')).diff(terminal, table, from, to, options))

  command('rollback <table>', 'make an older version of a table current again, as one more version')
    .requiredOption('--to <version>', 'its number, as versions lists them')
    .option('--stop-syncing', 'do not sync it from now on, so that no sync brings the newer rows back')
    .action(async (table, options) => (await import('./commands/rollback')).rollback(terminal, table, options))
}

import { Command, Option } from 'commander'
import packageFile from '../package.json'
import type { Terminal } from './terminal'
import { addVersionCommands } from './version-commands'

const list = (value: string, former: string[] = []): string[] => [...former, value]

const queryHelp = `
Formats:
  table    aligned columns, at most 10,000 rows; the default on a terminal
  json     an array of objects, one per row, with the column names as keys; the default elsewhere and with --json.
           64-bit integers, decimals, dates and times are strings, so that no digit is lost
  csv      with a header line
  parquet  zstd; needs --output or a pipe`

/** The commands, their arguments and options. The code of a command is loaded when it is called. */
export function program(terminal: Terminal): Command {
  const tributary = new Command('tributary')
    .description('Link your sources, sync them into one warehouse, query across all of it.')
    .version(packageFile.version, '--version', 'print the version')
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => terminal.write(text), writeErr: (text) => terminal.say(text.trimEnd()) })
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 synced and waiting for you, 4 synced and different from its source. <source> is the id, the name or the prefix of a source.\nData, keys and logs are in .tributary, or where TRIBUTARY_DATA says.')
    .exitOverride()
  const command = (name: string, description: string) => tributary.command(name).description(description).copyInheritedSettings(tributary)
  const config = () => new Option('--config <file>', 'a JSON file with the fields, or {"connection_string": …}; - for standard input').makeOptionMandatory()

  const aboutTables = (command: Command) => command
    .option('--table <name=pattern>', 'a table of files: NAME=s3://bucket/orders/*.csv; repeatable', list)
    .option('--format <format>', 'parquet, csv, json, delta or excel; NAME=csv for one table', list)
    .option('--settings <json>', 'how files are read: {"csv": {"delimiter": ";"}, "types": {"zip": "VARCHAR"}, "changes": "mirror", "broken": "fail"}; NAME={…} for one table', list)

  command('connectors', 'list what can be linked, with the fields that each needs')
    .action(async () => (await import('./commands/connectors')).connectors(terminal))

  aboutTables(command('check <connector>', 'check a config: address, port, TLS, sign-in, permissions; with --table its files too'))
    .addOption(config())
    .action(async (connector, options) => (await import('./commands/check')).check(terminal, connector, options))

  aboutTables(command('discover <connector>', 'list what a source offers: schemas, columns, keys; with --table what files hold'))
    .addOption(config())
    .action(async (connector, options) => (await import('./commands/discover')).discover(terminal, connector, options))

  aboutTables(command('link <connector>', 'link a source; without --method a schema follows the changes that its source tells, else it is a full table'))
    .addOption(config())
    .option('--name <name>', 'a name for the source')
    .option('--prefix <prefix>', 'in front of its table names; needed for a second source of a kind')
    .option('--schemas <names>', 'all, or names with commas between them, or a JSON array', list)
    .option('--method <schema=method>', 'SCHEMA=full, SCHEMA=incremental or SCHEMA=incremental:FIELD; repeatable', list)
    .option('--key <schema=columns>', 'SCHEMA=a,b: the columns that tell rows apart, where there is no primary key; repeatable', list)
    .option('--look-back <schema=amount>', 'SCHEMA=10m, SCHEMA=1000 for a number: how far below its cursor each sync begins; repeatable', list)
    .option('--frequency <frequency>', '5m, 30m, 1h, 6h, 12h, daily, weekly or monthly')
    .action(async (connector, options) => (await import('./commands/link')).link(terminal, connector, options))

  command('sync <source>', 'sync the enabled schemas, or the named ones; waits, and shows what was done')
    .option('--schema <name>', 'only this schema; repeatable', list)
    .option('--full', 'read everything again, whatever the sync method')
    .option('--no-brake', 'publish what comes, whatever it changes')
    .action(async (source, options) => (await import('./commands/sync')).sync(terminal, source, options))

  command('status [source]', 'what is synced, when, and what failed')
    .action(async (source) => (await import('./commands/status')).status(terminal, source))

  command('set <source>', 'change how schemas are synced; what is not given stays as it is')
    .requiredOption('--schema <name>', 'the schema; repeatable', list)
    .addOption(new Option('--enable', 'sync it').conflicts('disable'))
    .option('--disable', 'do not sync it; its table stays')
    .option('--method <method>', 'full, incremental to follow the changes that the source tells, or incremental:FIELD')
    .option('--key <columns>', 'a,b or a JSON array: the columns that tell rows apart')
    .option('--frequency <frequency>', '5m, 30m, 1h, 6h, 12h, daily, weekly or monthly')
    .option('--look-back <amount>', '10m, 2h, 1d, or 1000 for a number: how far below its cursor each sync begins; default for the one of its key')
    .option('--listing <frequency>', 'list everything so often, or compare a table with its source, for deletions that nobody told; off for never')
    .addOption(new Option('--proof <when>', 'compare with the source after each sync: on, off, or default for tables under 10 million rows').choices(['on', 'off', 'default']))
    .option('--brake <percent>', 'a version that would remove or change more of the rows waits for you; off to publish always')
    .action(async (source, options) => (await import('./commands/set')).set(terminal, source, options))

  aboutOneTable(command, terminal)

  command('query <sql>', 'run one SELECT over the synced tables')
    .addOption(new Option('--format <format>', 'how to write the result').choices(['table', 'json', 'csv', 'parquet']))
    .option('--output <file>', 'write into a file')
    .option('--as-of <when>', 'read tables as they were: a time for all of them, TABLE@VERSION for one; repeatable', list)
    .addHelpText('after', queryHelp)
    .action(async (sql, options) => (await import('./commands/query')).query(terminal, sql, options))

  addVersionCommands(command, terminal)

  command('unlink <source>', 'delete a source with its tables')
    .option('--yes', 'delete without asking; needed, since nothing brings the tables back')
    .action(async (source, options) => (await import('./commands/unlink')).unlink(terminal, source, options))

  const storage = command('storage', 'where the files of the warehouse are kept: docs/storage.md')
  storage.command('move <to>').description('copy every file to s3://BUCKET/PREFIX, or back to folder, and compare them; can be stopped and repeated').copyInheritedSettings(tributary)
    .action(async (to) => (await import('./commands/storage-move')).storageMove(terminal, to))

  return tributary
}

/** What concerns one table by its name. */
function aboutOneTable(command: (name: string, description: string) => Command, terminal: Terminal): void {
  command('verify <table>', 'compare a table with its source, by counts and checksums of ranges: docs/checksums.md')
    .option('--repair', 'delete what is gone, and fetch what is missing or different')
    .action(async (table, options) => (await import('./commands/verify')).verify(terminal, table, options))

  command('columns <table>', 'what each column of a table is upstream, what it becomes here, and why')
    .option('--measure', 'look at the first rows of the source too, where a type does not tell')
    .action(async (table, options) => (await import('./commands/columns')).columns(terminal, table, options))

  command('held', 'list the versions that wait for you: what each would do to its table')
    .action(async () => (await import('./commands/held')).held(terminal))

  command('publish <table>', 'publish the version that waits for you; the table is then as it was read')
    .action(async (table) => (await import('./commands/held')).publish(terminal, table))

  command('discard <table>', 'discard the version that waits for you; the table stays, and the next sync reads again')
    .action(async (table) => (await import('./commands/held')).discard(terminal, table))
}

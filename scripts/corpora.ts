import { Command } from 'commander'
import { runCsvCorpus } from '../test/corpora/csv'
import { readJsonCorpus } from '../test/corpora/json'
import { readParquetCorpus } from '../test/corpora/parquet'

interface Result {
  file: string
  outcome: string
  words: string
}

// a public suite of files, which somebody has fetched, goes through our readers
const program = new Command('corpora').description('Read every file of a folder, and say which are read right, refused in words, or WRONG')
program.command('csv <folder>').action(async (folder: string) => show(await runCsvCorpus(folder)))
program.command('json <folder>').action(async (folder: string) => show(await readJsonCorpus(folder)))
program.command('parquet <folder>').action(async (folder: string) => show(await readParquetCorpus(folder)))

function show(results: Result[]): void {
  for (const { file, outcome, words } of results) console.log(`${outcome.padEnd(16)} ${file}: ${words}`)
  const counts = new Map<string, number>()
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  console.log([...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', '))
  if (counts.has('WRONG')) process.exitCode = 1
}

await program.parseAsync()

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { projectFolder } from '@/lib/core/env'
import { barPlot, type Bar } from './bar-plot'
import { readResults, type Peers, type Raced, type Result } from './results'

/** The races that the page tells of, in its order. */
const TOLD = ['full', 'merge', 'query', 'reconcile', 'versions', 'parallel', 'files', 'listing', 'api', 'sources-page']
const PLOT = 'docs/bench/peers.svg'

/** Put the last results into docs/bench.md, between its markers, and the plot beside it. Short runs are left out: their figures say nothing. */
export function writeDocs(): void {
  const results = readResults().filter(({ size, race }) => size !== 'short' || void console.log(`${race} was a short run: it is not written`))
  const page = path.join(projectFolder(), 'docs', 'bench.md')
  let text = readFileSync(page, 'utf8')
  const told = TOLD.flatMap((race) => results.filter((result) => result.race === race))
  if (told.length) text = between(text, 'races', racesTable(told))
  const peers = results.find((result) => result.peers)?.peers
  if (peers) {
    text = between(text, 'peers', `![First load, merge and memory of Tributary and others on the same table](./bench/peers.svg)\n\n${peersTable(peers)}`)
    const plot = path.join(projectFolder(), PLOT)
    if (!existsSync(path.dirname(plot))) mkdirSync(path.dirname(plot))
    writeFileSync(plot, peersPlot(peers))
  }
  writeFileSync(page, text)
  console.log(`Written: docs/bench.md${peers ? ` and ${PLOT}` : ''}`)
}

/** `text` with something else between the markers of that name; whatever stands around them stays. */
export function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: written by npm run bench -- write -->`, `<!-- end of ${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/bench.md has no place for ${name}: ${begin} … ${end}`)
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`
}

export function racesTable(results: Pick<Result, 'race' | 'measures'>[]): string {
  const rows = results.flatMap(({ race, measures }) => measures.map(({ name, value, unit, bar, detail }) => [race, sentence(name), figure(value, unit), bar === null ? '' : `${figure(bar, unit)}${value !== null && value > bar ? ', **missed**' : ''}`, detail ?? '']))
  return table(['Race', 'What', 'Measured', 'Bar', 'From'], rows)
}

export function peersTable({ rows, changed, limit, raced }: Peers): string {
  const body = raced.map((each) =>
    each.skipped
      ? [each.name, `skipped: ${each.skipped}`, '', '', '', '', '', '']
      : [`${each.name} ${each.version}`, took(each.load), perSecond(each, rows), memory(each.load), took(each.merge), memory(each.merge), verdict(each), each.types ?? ''],
  )
  const head = ['', `First load of ${rows.toLocaleString('en')} rows`, 'Rows per second', 'Peak memory', `${changed.toLocaleString('en')} changed rows merged`, 'Peak memory', 'Rows', 'Columns of another type than at the source']
  const least = limit === null ? '' : `psql needs ${limit.toFixed(1)} s to copy the same rows to /dev/null: ${rounded(rows / limit)} rows per second.\n\n`
  return `${table(head, body)}\n\n${least}${raced.filter(({ way }) => way).map(({ name, way, load }) => `- ${name}: ${way}; ${rounds(load)}`).join('\n')}`
}

export function peersPlot(peers: Peers): string {
  const there = peers.raced.filter(({ skipped }) => !skipped)
  const bars = (part: 'load' | 'merge', value: (each: Raced) => number, words: (value: number) => string) =>
    there.filter((each) => each[part]).map((each): Bar => ({ name: each.name, value: value(each), words: `${words(value(each))}${each.wrong ? ', wrong rows' : ''}`, isOurs: each.name === 'Tributary', isVoid: each.wrong !== null }))
  return barPlot('First load, merge and memory of Tributary and others on the same table', [
    { title: `First load of ${peers.rows.toLocaleString('en')} rows: rows per second, more is better`, bars: bars('load', ({ load }) => peers.rows / (load?.seconds ?? Number.NaN), rounded) },
    { title: `${peers.changed.toLocaleString('en')} changed rows merged: seconds, less is better`, bars: bars('merge', ({ merge }) => merge?.seconds ?? Number.NaN, (value) => `${value.toFixed(1)} s`) },
    { title: 'Peak memory of the first load: MB, less is better', bars: bars('load', ({ load }) => load?.megabytes ?? Number.NaN, (value) => `${rounded(value)} MB`) },
  ])
}

function perSecond({ load }: Raced, rows: number): string {
  return load ? rounded(rows / load.seconds) : ''
}

/** The words of a failure hold paths of the machine: they were on the screen. */
function verdict({ failed, wrong }: Raced): string {
  if (wrong) return `**wrong**: ${wrong}`
  return failed ? `${failed.what} failed` : 'right'
}

function rounds(load: Raced['load']): string {
  const count = load?.times.length ?? 0
  return count === 1 ? 'one round' : `${count} rounds`
}

function took(part: Raced['load']): string {
  return part ? `${part.seconds.toFixed(1)} s${part.inner === null ? '' : ` (the sync ${part.inner.toFixed(1)} s)`}` : ''
}

function memory(part: Raced['load']): string {
  return part ? `${rounded(part.megabytes)} MB` : ''
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function figure(value: number | null, unit: string): string {
  if (value === null) return 'not to be had'
  // a ratio has one digit more, so that a bar that is missed by little is seen to be missed
  const digits = Number.isInteger(value) || value >= 100 ? 0 : unit === '×' ? 3 : 2
  return `${Number(value.toFixed(digits)).toLocaleString('en', { maximumFractionDigits: 3 })}${unit ? ` ${unit}` : ''}`
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

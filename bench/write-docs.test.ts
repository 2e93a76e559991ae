import { describe, expect, it } from 'vitest'
import type { Peers, Raced } from './results'
import { between, peersPlot, peersTable, racesTable } from './write-docs'

const part = (seconds: number, megabytes = 300) => ({ seconds, times: [seconds], inner: null, megabytes })
const raced = (over: Partial<Raced>): Raced => ({ name: 'Other', version: '1.0', way: 'as it comes', skipped: null, failed: null, load: part(10), merge: part(2), wrong: null, types: null, ...over })
const peers = (...others: Partial<Raced>[]): Peers => ({ rows: 1_000_000, changed: 1000, rounds: 3, limit: 3, raced: [raced({ name: 'Tributary', load: part(5) }), ...others.map(raced)] })

describe('the page of the bench', () => {
  it('keeps what people wrote around the tables', () => {
    const page = 'Before\n<!-- races: written by npm run bench -- write -->\nold\n<!-- end of races -->\nAfter\n'
    const once = between(page, 'races', 'new')
    expect(once).toMatch(/^Before\n[^]*new[^]*\nAfter\n$/)
    expect(once).not.toContain('old')
    expect(between(once, 'races', 'new')).toBe(once)
  })

  it('refuses a page without the place for a table', () => {
    expect(() => between('Nothing here', 'races', 'new')).toThrow('no place for races')
  })

  it('says of a bar whether it was missed', () => {
    const table = racesTable([{ race: 'full', measures: [{ name: 'load', value: 1.31, unit: '×', bar: 1.2 }, { name: 'memory', value: 380, unit: 'MB', bar: 400 }] }])
    expect(table).toContain('| full | Load | 1.31 × | 1.2 ×, **missed** |')
    expect(table).toContain('| full | Memory | 380 MB | 400 MB |')
  })

  it('never shows a time of wrong rows as if it counted', () => {
    const wrong = peers({ wrong: 'after the merge other values in amount' })
    expect(peersTable(wrong)).toContain('**wrong**: after the merge other values in amount')
    expect(peersPlot(wrong)).toContain('wrong rows')
    expect(peersPlot(wrong)).toContain('class="void"')
    expect(peersPlot(peers({}))).not.toContain('class="void"')
  })

  it('says why a contender is not there', () => {
    const table = peersTable(peers({ skipped: 'Python 3 is not on this machine', load: null, merge: null }))
    expect(table).toContain('skipped: Python 3 is not on this machine')
  })

  it('draws one bar of the greatest length, and escapes what it is given', () => {
    const plot = peersPlot(peers({ name: 'A<b>&' }))
    expect(plot).toContain('A&lt;b&gt;&amp;')
    const widths = [...plot.matchAll(/<rect class="(\w+)"[^>]* width="(\d+)"/g)].map(([, kind, width]) => ({ kind, width: Number(width) }))
    expect(widths[0]!.width).toBe(2 * widths[1]!.width)
  })
})

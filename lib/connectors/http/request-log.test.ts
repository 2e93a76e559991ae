import { expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { RequestLog } from './request-log'

function logged(): { log: RequestLog; lines: [string, string][]; pass(ms: number): void; request(outcome?: string): void } {
  let now = 0
  const lines: [string, string][] = []
  const log = new RequestLog((level, message) => lines.push([level, message]), (text) => text.replaceAll('key_123', '•••'), () => now)
  const request = (outcome = '200'): void => log.request({ method: 'GET', url: new URL('https://a.example/v1/list?k=key_123'), outcome, ms: 12.4, bytes: 2048, attempt: outcome === '200' ? 1 : 2 })
  return { log, lines, pass: (ms) => (now += ms), request }
}

test('a request has a line without the host, with its secrets blotted', () => {
  const { lines, request } = logged()
  request()
  request('503')
  expect(lines).toEqual([
    ['debug', 'GET /v1/list?k=••• → 200, 12 ms, 2 kB'],
    ['debug', 'GET /v1/list?k=••• → 503, 12 ms, 2 kB, attempt 2'],
  ])
})

test('a long run is told in summaries, and nothing of it is left out', () => {
  const { log, lines, pass, request } = logged()
  for (let count = 0; count < 10_000; count++) {
    request(count % 10 ? '200' : '429')
    pass(10)
  }
  log.end()
  log.end()
  const summaries = lines.slice(limits.http.requestLines).map(([, line]) => line)
  expect(summaries.length).toBeLessThan(6)
  expect(summaries[0]).toMatch(/^\d+ more requests: \d+ × 429, \d+ × 200; \d/)
  const counted = summaries.map((line) => Number(/^\d+/.exec(line)?.[0]))
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(10_000 - limits.http.requestLines)
})

test('of one kind of event there is a line now and then, which tells how many were left out', () => {
  const { log, lines, pass } = logged()
  for (let count = 0; count < 50; count++) log.event('retry', `try ${count}`)
  log.event('wait', 'another kind')
  pass(limits.http.eventLineSeconds * 1000)
  log.event('retry', 'try again')
  expect(lines.map(([, line]) => line)).toEqual(['try 0', 'another kind', 'try again (and 49 more since the last such line)'])
})

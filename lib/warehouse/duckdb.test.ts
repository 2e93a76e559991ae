import { afterEach, beforeEach, expect, it } from 'vitest'
import { isOutOfMemory, openEngine, type Engine } from './duckdb'

const aborter = { current: new AbortController() }
let engine: Engine

beforeEach(async () => {
  aborter.current = new AbortController()
  engine = await openEngine(aborter.current.signal)
})
afterEach(() => engine.close())

const ENDLESS = 'CREATE OR REPLACE TEMP TABLE endless AS SELECT count(*) AS n FROM range(1000000) AS a, range(1000000) AS b WHERE a.range + b.range = -1'

it('a statement gives the number of rows that it wrote, a query its rows', async () => {
  await engine.run('CREATE OR REPLACE TEMP TABLE numbers AS SELECT range AS n FROM range(300000)')
  expect(await engine.run('DELETE FROM numbers WHERE n < 100000')).toBe(100_000)
  expect(await engine.rows('SELECT count(*), min(n) FROM numbers')).toEqual([['200000', '100000']])
})

it('statements that run at once on one engine each end with their own result', async () => {
  const other = await openEngine(aborter.current.signal)
  try {
    const sums = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? other : engine).rows(`SELECT sum(range + ${index}) FROM range(100000)`)))
    expect(sums.map((rows) => Number(rows[0]?.[0]))).toEqual(sums.map((_, index) => 4_999_950_000 + index * 100_000))
  } finally {
    await other.close()
  }
})

it('a value that cannot be converted ends the statement, and the engine goes on', async () => {
  await expect(engine.run(`CREATE OR REPLACE TEMP TABLE bad AS SELECT CAST(CASE WHEN range = 250000 THEN 'x' ELSE '1' END AS INTEGER) AS n FROM range(300000)`)).rejects.toThrow(/^Conversion Error: Could not convert string 'x'/)
  expect(await engine.rows('SELECT 1')).toEqual([[1]])
})

it('a lack of memory is told as one, and the engine goes on', async () => {
  const failure = await engine.run(`CREATE OR REPLACE TEMP TABLE big AS SELECT list(repeat('x', 1000) || range) AS l FROM range(2000000)`).catch((error: unknown) => error)
  expect(isOutOfMemory(failure)).toBe(true)
  expect(await engine.rows('SELECT 1')).toEqual([[1]])
})

it('a statement without an end stops when it is cancelled', async () => {
  const running = engine.run(ENDLESS)
  aborter.current.abort()
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
})

it('a statement without an end that is on for a while stops when it is cancelled', async () => {
  const running = engine.run(ENDLESS)
  setTimeout(() => aborter.current.abort(), 100)
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
})

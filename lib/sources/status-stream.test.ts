import { expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { beginEnding } from '@/lib/core/ending'
import { runReadOnly } from '@/lib/warehouse/query/run-read-only'
import { statusStream } from './status-stream'

test('a process that is asked to end closes the streams of news at once, and a query that goes on is cancelled some moments later', async () => {
  setEnv({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })
  const stream = statusStream('a workspace', new AbortController().signal).getReader()
  expect(new TextDecoder().decode((await stream.read()).value)).toBe('retry: 1000\n\n')
  // it would go on for the two minutes that a query may take
  const query = runReadOnly([], 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range) = hash(b.range + 1)', { rowLimit: 1 }).catch((error: unknown) => error)
  beginEnding()
  expect((await stream.read()).done).toBe(true)
  expect(await query).toMatchObject({ code: 'cancelled' })
})

import { setImmediate as tick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ahead } from './ahead'

const never = new AbortController().signal
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

test('what becomes of things is handed out in their order, whichever is done first', async () => {
  const done: number[] = []
  const work = async (number: number) => {
    for (let turn = 0; turn < 10 - number; turn++) await tick()
    return number
  }
  for await (const number of ahead(numbers(10), 4, work, never)) done.push(number)
  expect(done).toEqual(numbers(10))
})

test('no more are begun than may wait, however slow the consumer is', async () => {
  let begun = 0
  let taken = 0
  const work = (number: number) => {
    begun++
    return Promise.resolve(number)
  }
  for await (const _ of ahead(numbers(30), 4, work, never)) {
    taken++
    for (let turn = 0; turn < 5; turn++) await tick()
    expect(begun - taken).toBeLessThan(4)
  }
  expect(taken).toBe(30)
})

test('leaving early and a failure end all that is under way', async () => {
  const ended: number[] = []
  const hanging = (number: number, signal: AbortSignal) =>
    new Promise<number>((resolve, reject) => {
      if (number === 0) resolve(0)
      if (number === 1) setImmediate(() => reject(new Error('broken')))
      signal.addEventListener('abort', () => {
        ended.push(number)
        reject(new Error('ended'))
      })
    })
  for await (const _ of ahead(numbers(5), 4, hanging, never)) break
  expect(ended).toContain(2)
  const failing = (async () => {
    for await (const _ of ahead(numbers(5), 4, hanging, never)) await tick()
  })()
  await expect(failing).rejects.toThrow('broken')
})

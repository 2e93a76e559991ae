import { expect, test } from 'vitest'
import { Remembered } from './remembered'

test('what is from before a time is forgotten, and of too much the latest is kept', () => {
  const remembered = new Remembered()
  for (let at = 0; at < 100; at++) remembered.add(`text ${at}`, at)
  const latest = new Remembered(remembered.toText(10, 50))
  expect(latest.size).toBe(10)
  expect([89, 90, 99].map((at) => latest.has(`text ${at}`))).toEqual([false, true, true])
  expect(remembered.size).toBe(50)
})

test('what was stored is of the time that is given', () => {
  const first = new Remembered()
  first.add('old', 5)
  const second = new Remembered(first.toText(10), 5)
  second.add('new', 9)
  expect(new Remembered(second.toText(10, 6)).has('old')).toBe(false)
  expect(second.has('new')).toBe(true)
})

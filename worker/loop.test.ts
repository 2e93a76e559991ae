import { expect, test } from 'vitest'
import { pauseSeconds } from './loop'

test('workers that were started together do not wake together: their pauses differ by up to a fifth either way', () => {
  expect([0, 0.5, 1].map((random) => pauseSeconds(10, random))).toEqual([8, 10, 12])
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { parseAnswer } from './parse-answer'

test('an answer that is not as it should be is told by its field, never by its value', () => {
  const shape = z.object({ items: z.array(z.object({ id: z.string() })) })
  expect(parseAnswer(shape, { items: [] }, 'Acme')).toEqual({ items: [] })
  const wrong = () => parseAnswer(shape, { items: [{ id: 70_707 }] }, 'Acme')
  expect(wrong).toThrow(AppError)
  expect(wrong).toThrow(/items\.0\.id: /)
  expect(wrong).not.toThrow(/70707/)
})

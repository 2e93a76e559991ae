import { expect, test } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { stopped } from './stopped'

test('a signal that ended is told by its reason: our own limit, what somebody said, or a stop', () => {
  const own = new AppError('lease_lost', { title: 'Lost' })
  expect(stopped(new AbortController().signal, 'Acme')).toBeNull()
  expect(stopped(AbortSignal.abort(new DOMException('', 'TimeoutError')), 'Acme')).toMatchObject({ code: 'timeout', title: 'Acme took too long', isRetryable: true })
  expect(stopped(AbortSignal.abort(), 'Acme')).toMatchObject({ code: 'cancelled', isRetryable: false })
  expect(stopped(AbortSignal.abort(own), 'Acme')).toBe(own)
})

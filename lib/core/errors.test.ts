import { expect, test } from 'vitest'
import { AppError, toErrorView, toSentence } from './errors'

const words = { title: 'Sign-in was refused', detail: 'password authentication failed', advice: 'Check the password' }

test('a failure of ours is shown in its own words', () => {
  const view = toErrorView(new AppError('credentials', words))
  expect(view).toMatchObject({ code: 'credentials', ...words, isRetryable: false })
  expect(toSentence(view)).toBe('Sign-in was refused. password authentication failed. Check the password.')
})

test('what may pass says so', () => {
  expect(toErrorView(new AppError('unreachable', words, { isRetryable: true })).isRetryable).toBe(true)
})

test('a failure that nobody foresaw shows nothing of its text', () => {
  for (const thrown of [new Error('connect with password hunter2'), 'hunter2', { message: 'hunter2' }, null, undefined]) {
    const view = toErrorView(thrown)
    expect(view.code).toBe('internal')
    expect(JSON.stringify(view)).not.toContain('hunter2')
  }
})

test('the cause stays out of what is shown', () => {
  expect(JSON.stringify(toErrorView(new AppError('source', words, { cause: new Error('hunter2') })))).not.toContain('hunter2')
})

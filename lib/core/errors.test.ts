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

test('a disk that is full is said to be, whichever file found no room on it, and without naming that', () => {
  for (const code of ['ENOSPC', 'EDQUOT']) {
    const view = toErrorView(Object.assign(new Error(`${code}: no space left on device, write '/secret/place'`), { code }))
    expect(view).toMatchObject({ code: 'storage_full', isRetryable: true })
    expect(JSON.stringify(view)).not.toContain('/secret/place')
  }
})

test('the cause stays out of what is shown', () => {
  expect(JSON.stringify(toErrorView(new AppError('source', words, { cause: new Error('hunter2') })))).not.toContain('hunter2')
})

import { expect, test } from 'vitest'
import { toSentence, type ErrorView } from '@/lib/core/errors'
import { configFields } from '../config-fields'
import type { CheckStep, FilesConnector } from '../contract'
import { all, failure, stepsInWords } from './suite'
import { accessOf, bytesOf, listed, never, onlyOne, type SuiteStore } from './suite-store'

export function filesCheckTests<Config>(connector: FilesConnector<Config>, store: () => SuiteStore): void {
  const parsed = (config = store().config) => connector.config.parse(config)
  const check = (keys: string, config = store().config) => all(connector.files.check(parsed(config), store().pattern(keys), never))

  test('every field of the config has a label, and those that hold secrets are marked', () => {
    const fields = configFields(connector)
    expect(fields.flatMap(({ name, label }) => (label ? [] : [name])), 'Fields without a label').toEqual([])
    const unmarked = fields.filter(({ name, secret }) => !secret && store().secrets.includes(String(store().config[name])))
    expect(unmarked.map(({ name }) => name), 'Fields that hold one of `secrets` and are not marked').toEqual([])
    expect(connector.suggestName(parsed())).toBeTruthy()
  })

  test('a check passes from the outside in, and goes on for a table', async () => {
    await store().put('check/a.csv', 'a\n1\n')
    await store().put('check/b.csv', 'a\n2\n')
    const steps = [...(await all(connector.check(parsed(), never))), ...(await check('check/*.csv'))]
    expect(stepsInWords(steps).filter((line) => !line.endsWith(': ok'))).toEqual([])
    expect(new Set(steps.map(({ id }) => id)).size, `Steps with the same id in ${stepsInWords(steps).join(', ')}`).toBe(steps.length)
    expect(steps.find(({ id }) => id === 'match')?.detail).toMatch(/2 files/)
  })

  test('a wrong secret fails the check as its last step, as credentials, with advice; the store refuses it', async () => {
    const wrong = store().wrongSecret
    await store().put('check/a.csv', 'a\n1\n')
    expectLast(await all(connector.check(parsed(wrong), never)), { code: 'credentials', isRetryable: false, advice: expect.any(String) })
    expectLast(await check('check/*.csv', wrong), { code: 'credentials', isRetryable: false, advice: expect.any(String) })
    expect(await failure(listed(accessOf(connector, store(), 'check/*', wrong)))).toMatchObject({ code: 'credentials' })
    expect(await failure(accessOf(connector, store(), 'check/*', wrong).stat('check/a.csv', never))).toMatchObject({ code: 'credentials' })
    const object = await onlyOne(accessOf(connector, store(), 'check/a.csv'))
    expect(await failure(bytesOf(accessOf(connector, store(), 'check/*', wrong), object))).toMatchObject({ code: 'credentials' })
  })

  test('a pattern that nothing matches is told as such, with what there is instead', async () => {
    for (const name of ['1', '2', '3']) await store().put(`near/${name}.csv.gz`, 'x')
    const error = expectLast(await check('near/*.csv'), { code: 'not_found', isRetryable: false })
    expect(error.detail).toMatch(/3 .*\.csv\.gz/)
  })

  test('a bucket that is not there is told as such', async () => {
    const steps = await all(connector.files.check(parsed(), store().missing('a/*.csv'), never))
    expectLast(steps, { code: 'not_found', isRetryable: false, advice: expect.any(String) })
    expect(await failure(listed(connector.files.open(parsed(), store().missing('*'))))).toMatchObject({ code: 'not_found', isRetryable: false })
    expect(await failure(connector.files.open(parsed(), store().missing('*')).stat('a', never))).toMatchObject({ code: 'not_found' })
  })

  test('a key that may not list says which right is missing; one file is read all the same', async () => {
    const { unlisted } = store()
    if (!unlisted) return
    await store().put('rights/a.csv', 'a\n1\n')
    const error = expectLast(await check('rights/*.csv', unlisted.config), { code: 'permission', isRetryable: false })
    expect(toSentence(error)).toContain(unlisted.right)
    expect(stepsInWords(await check('rights/a.csv', unlisted.config)).filter((line) => !line.endsWith(': ok'))).toEqual([])
  })

  test('a key that may not read says which right is missing', async () => {
    const { unread } = store()
    if (!unread) return
    await store().put('rights/a.csv', 'a\n1\n')
    const steps = await check('rights/*.csv', unread.config)
    expect(toSentence(expectLast(steps, { code: 'permission', isRetryable: false }))).toContain(unread.right)
    expect(steps.at(-1)?.id).toBe('read')
  })

  test('no error tells a secret', async () => {
    const errors: ErrorView[] = []
    for (const config of [store().wrongSecret, store().unlisted?.config, store().unread?.config]) {
      if (!config) continue
      const steps = [...(await all(connector.check(parsed(config), never))), ...(await check('check/*.csv', config))]
      errors.push(...steps.flatMap(({ error }) => (error ? [error] : [])))
    }
    errors.push(await failure(listed(accessOf(connector, store(), '*', store().wrongSecret))))
    expect(errors.length).toBeGreaterThan(1)
    expect(errors.map(toSentence).filter((text) => store().secrets.some((secret) => text.includes(secret)))).toEqual([])
  })
}

/** The error of the last step, after steps that all passed. */
function expectLast(steps: CheckStep[], error: Record<string, unknown>): ErrorView {
  expect(stepsInWords(steps.slice(0, -1)).filter((line) => !line.endsWith(': ok')), 'Steps before the last that did not pass').toEqual([])
  const last = steps.at(-1)?.error
  expect(last, `The error of the last step, of ${stepsInWords(steps).join(', ')}`).toMatchObject(error)
  if (!last) throw new Error('The last step has no error')
  return last
}

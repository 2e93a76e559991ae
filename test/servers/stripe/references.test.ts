import { expect, test } from 'vitest'
import { declaredReferences } from './declared-references'

test('what can be expanded is what the installed package declares; else run this test with --update', async () => {
  await expect(`${JSON.stringify(declaredReferences(process.cwd()), null, 2)}\n`).toMatchFileSnapshot('references.json')
})

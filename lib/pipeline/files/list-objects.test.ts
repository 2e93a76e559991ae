import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { NotInOrder, type ListedObject, type ObjectAccess } from '@/lib/connectors/objects/object-access'
import { listToFile } from './list-objects'

function page(...keys: string[]): ListedObject[] {
  return keys.map((key) => ({ key, bytes: 1, modifiedAt: null, fingerprint: '"1"' }))
}

test('a store that lists in another order than that of the keys is listed once more as a whole', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-list-'))
  const asked: (string[] | undefined)[] = []
  const access: Pick<ObjectAccess, 'list'> = {
    async *list(_signal, at) {
      asked.push(at)
      yield page('b', 'c')
      if (at?.length) throw new NotInOrder()
      yield page('a')
    },
  }
  try {
    const file = path.join(folder, 'listing.csv')
    expect(await listToFile(access, file, ['b'], new AbortController().signal, () => {})).toBe(3)
    expect((await readFile(file, 'utf8')).split('\n').map((line) => line.slice(0, 3))).toEqual(['"b"', '"c"', '"a"', ''])
    expect(asked).toEqual([['b'], undefined])
  } finally {
    await rm(folder, { recursive: true })
  }
})

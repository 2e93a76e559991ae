import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SourceSnapshot, TablesConnector } from '@/lib/connectors/contract'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column } from '@/test/memory-source'
import { makeSchema, sync, tableRows } from '@/test/sync-room'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** A source in memory whose moments are counted. */
class SourceOfMoments extends MemorySource {
  opened = 0
  open = 0

  constructor() {
    super([column('id', 'BIGINT'), column('size', 'BIGINT')])
    this.primaryKey = ['id']
    this.rows = [['1', '1'], ['2', '2']]
  }

  override get connector(): TablesConnector {
    const connector = super.connector
    const openSnapshot = async (config: unknown, _location: unknown, signal: AbortSignal): Promise<SourceSnapshot> => {
      this.opened++
      this.open++
      let isOpen = true
      const close = async () => {
        if (isOpen) this.open--
        isOpen = false
      }
      return { read: (request) => connector.read(config, request, signal), close }
    }
    return { ...connector, openSnapshot }
  }
}

it('a run reads from one moment of its source, which is kept until the version is committed and freed then', async () => {
  const source = new SourceOfMoments()
  const schema = await makeSchema()
  const open: Record<string, number> = {}
  await sync(schema, source, { onProgress: ({ step }) => (open[step] = source.open) })
  expect(open).toMatchObject({ merge: 1, publish: 1 })
  expect(source).toMatchObject({ opened: 1, open: 0 })
  expect(await tableRows(schema)).toEqual(source.rows)
})

it('a read that begins again has a moment of its own, and the one before is freed', async () => {
  const source = new SourceOfMoments()
  source.rows.push(['3', 'none'])
  const schema = await makeSchema()
  await sync(schema, source)
  expect(source).toMatchObject({ opened: 2, open: 0 })
  expect(await tableRows(schema)).toEqual(source.rows)
})

it.each(['extract', 'merge', 'publish'])('a run that fails in %s frees its source', async (failing) => {
  const source = new SourceOfMoments()
  if (failing === 'extract') {
    source.onBatch = () => {
      throw new Error('cut')
    }
  }
  const onProgress = ({ step }: { step: string }) => {
    if (step === failing && failing !== 'extract') throw new Error('cut')
  }
  await expect(sync(await makeSchema(), source, { onProgress })).rejects.toThrow('cut')
  expect(source).toMatchObject({ opened: 1, open: 0 })
})

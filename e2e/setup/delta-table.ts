/** Two data files of columns id, customer and total, as an engine wrote them. */
const JANUARY = 'UEFSMRUAFSwVPiwVBBUAFQYVBgAAKLUv/SAWsQAAAgAAAAQBAQAAAAAAAAACAAAAAAAAABUAFSwVPiwVBBUAFQYVBgAAKLUv/SAWsQAAAgAAAAQBAwAAAEFkYQUAAABHcmFjZRUAFRwVLiwVBBUAFQYVBgAAKLUv/SAOcQAAAgAAAAQB4gQAANUCAAAVAhlMNQAYDWR1Y2tkYl9zY2hlbWEVBgAVBCUCGAJpZCUkABUMJQIYCGN1c3RvbWVyJQAAFQIlAhgFdG90YWwlChUEFRIsXBUEFRIAAAAWBBkcGTwmABwVBBkVABkYAmlkFQwWBBZOFmAmCDwYCAIAAAAAAAAAGAgBAAAAAAAAABYAKAgCAAAAAAAAABgIAQAAAAAAAAAREQAAACYAHBUMGRUAGRgIY3VzdG9tZXIVDBYEFk4WYCZoPBgFR3JhY2UYA0FkYRYAKAVHcmFjZRgDQWRhEREAAAAmABwVAhkVABkYBXRvdGFsFQwWBBY+FlAmyAE8GATiBAAAGATVAgAAFgAoBOIEAAAYBNUCAAAREQAAABbaARYEJggWkAIAKChEdWNrREIgdmVyc2lvbiB2MS41LjUgKGJ1aWxkIGQ4Y2RhYTMzZmQpGTwcAAAcAAAcAAAAVAEAAFBBUjE='
const FEBRUARY = 'UEFSMRUAFRwVLiwVAhUAFQYVBgAAKLUv/SAOcQAAAgAAAAIBAwAAAAAAAAAVABUeFTAsFQIVABUGFQYAACi1L/0gD3kAAAIAAAACAQUAAABFZGl0aBUAFRQVJiwVAhUAFQYVBgAAKLUv/SAKUQAAAgAAAAIBuAsAABUCGUw1ABgNZHVja2RiX3NjaGVtYRUGABUEJQIYAmlkJSQAFQwlAhgIY3VzdG9tZXIlAAAVAiUCGAV0b3RhbCUKFQQVEixcFQQVEgAAABYCGRwZPCYAHBUEGRUAGRgCaWQVDBYCFj4WUCYIPBgIAwAAAAAAAAAYCAMAAAAAAAAAFgAoCAMAAAAAAAAAGAgDAAAAAAAAABERAAAAJgAcFQwZFQAZGAhjdXN0b21lchUMFgIWQBZSJlg8GAVFZGl0aBgFRWRpdGgWACgFRWRpdGgYBUVkaXRoEREAAAAmABwVAhkVABkYBXRvdGFsFQwWAhY2FkgmqgE8GAS4CwAAGAS4CwAAFgAoBLgLAAAYBLgLAAAREQAAABa0ARYCJggW6gEAKChEdWNrREIgdmVyc2lvbiB2MS41LjUgKGJ1aWxkIGQ4Y2RhYTMzZmQpGTwcAAAcAAAcAAAAWAEAAFBBUjE='

const FIELDS = [['id', 'long'], ['customer', 'string'], ['total', 'decimal(9,2)'], ['month', 'date']].map(([name, type]) => ({ name, type, nullable: true, metadata: {} }))
const WRITTEN = Date.parse('2026-03-01T06:00:00Z')

/** The objects of a Delta table in a folder: two partitions, and a file that no commit names. */
export function deltaTable(folder: string): [key: string, body: Uint8Array][] {
  const january = Buffer.from(JANUARY, 'base64')
  const february = Buffer.from(FEBRUARY, 'base64')
  const add = (path: string, month: string, size: number) => ({ add: { path, partitionValues: { month }, size, modificationTime: WRITTEN, dataChange: true } })
  const commit = [
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    { metaData: { id: 'orders', format: { provider: 'parquet', options: {} }, schemaString: JSON.stringify({ type: 'struct', fields: FIELDS }), partitionColumns: ['month'], configuration: {} } },
    add('month=2026-01-01/part-0.parquet', '2026-01-01', january.length),
    add('month=2026-02-01/part-0.parquet', '2026-02-01', february.length),
  ]
  return [
    [`${folder}/_delta_log/${'0'.repeat(20)}.json`, Buffer.from(commit.map((action) => JSON.stringify(action)).join('\n'))],
    [`${folder}/month=2026-01-01/part-0.parquet`, january],
    [`${folder}/month=2026-02-01/part-0.parquet`, february],
    [`${folder}/month=2026-02-01/part-1.parquet`, february],
  ]
}

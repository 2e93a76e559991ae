import { z } from 'zod'
import { deltaProblem, unknownFeature } from './delta-problem'
import { vectorPath, z85, type DeletionVector } from './deletion-vector'

const Vector = z.object({ storageType: z.string(), pathOrInlineDv: z.string(), offset: z.number().int().nonnegative().nullish(), sizeInBytes: z.number().int().nonnegative(), cardinality: z.number().int().nonnegative() })
const Place = z.object({ path: z.string().min(1), deletionVector: Vector.nullish() })
const Add = Place.extend({ partitionValues: z.record(z.string(), z.string().nullable()).nullish(), size: z.number().int().nonnegative(), modificationTime: z.number().int() })
const Metadata = z.object({
  schemaString: z.string(),
  partitionColumns: z.array(z.string()).nullish(),
  configuration: z.record(z.string(), z.string().nullable()).nullish(),
  format: z.object({ provider: z.string() }).nullish(),
})
const Protocol = z.object({ minReaderVersion: z.number().int(), readerFeatures: z.array(z.string()).nullish() })

/** One line of a commit, or one row of a checkpoint; what does not say which files there are is left out. */
export const DeltaAction = z.object({ add: Add.nullish(), remove: Place.nullish(), metaData: Metadata.nullish(), protocol: Protocol.nullish(), sidecar: z.object({ path: z.string().min(1) }).nullish() })
export type DeltaAction = z.infer<typeof DeltaAction>
export type DeltaMetadata = z.infer<typeof Metadata>

/** A data file of the table as it is now. */
export interface DeltaFile {
  /** Below the table, not encoded. */
  path: string
  bytes: number
  /** ISO 8601 in UTC. */
  modifiedAt: string
  /** By the names in the files; null is NULL. */
  partitionValues: Record<string, string | null>
  deletionVector: DeletionVector | null
  /** Changes when any row of it does. */
  fingerprint: string
}

/** Those that change what is read; others are for writers, or say of a log what is understood here. */
const FEATURES = new Set(['columnMapping', 'deletionVectors', 'timestampNtz', 'v2Checkpoint', 'vacuumProtocolCheck', 'typeWidening', 'typeWidening-preview'])

/** What the actions of a log add up to, in the order of their versions. */
export class DeltaState {
  metadata: DeltaMetadata | null = null
  private protocol: z.infer<typeof Protocol> | null = null
  private readonly files = new Map<string, z.infer<typeof Add>>()
  sidecars: string[] = []

  /** All actions of one version: a file whose deletion vector changes is removed and added in one, in any order. */
  apply(actions: DeltaAction[]): void {
    for (const { remove } of actions) if (remove) this.files.delete(keyOf(remove))
    for (const { add, metaData, protocol, sidecar } of actions) {
      if (add) this.files.set(keyOf(add), add)
      if (metaData) this.metadata = metaData
      if (protocol) this.protocol = protocol
      if (sidecar) this.sidecars.push(sidecar.path)
    }
  }

  /** Throws for what cannot be read rightly. */
  checkProtocol(): DeltaMetadata {
    if (!this.protocol || !this.metadata) throw deltaProblem('Its log does not say which columns and which protocol it has')
    if (this.protocol.minReaderVersion > 3) throw unknownFeature(`reader version ${this.protocol.minReaderVersion}`)
    const unknown = this.protocol.minReaderVersion === 3 ? this.protocol.readerFeatures?.find((feature) => !FEATURES.has(feature)) : undefined
    if (unknown !== undefined) throw unknownFeature(unknown)
    if (this.metadata.format && this.metadata.format.provider !== 'parquet') throw deltaProblem(`Its files are ${this.metadata.format.provider}, not Parquet`)
    return this.metadata
  }

  /** In the order of their paths. */
  current(): DeltaFile[] {
    return [...this.files.values()].map(fileOf).sort((a, b) => (a.path < b.path ? -1 : 1))
  }
}

/** A removed file may come back, and one with another deletion vector is another. */
function keyOf({ path, deletionVector }: z.infer<typeof Place>): string {
  return `${pathOf(path)}\0${vectorId(deletionVector)}`
}

function vectorId(vector: z.infer<typeof Vector> | null | undefined): string {
  return vector ? `${vector.storageType}${vector.pathOrInlineDv}@${vector.offset ?? ''}` : ''
}

/** Paths are encoded as in a URL. Those that leave the table's folder are of shallow clones. */
function pathOf(encoded: string): string {
  let path: string
  try {
    path = decodeURIComponent(encoded)
  } catch (error) {
    throw deltaProblem(`The path ${encoded.slice(0, 200)} in its log is not encoded rightly`, undefined, error)
  }
  const isOutside = /^([A-Za-z][A-Za-z0-9+.-]*:|\/)/.test(encoded) || path.startsWith('/') || path.split('/').includes('..') || path.includes('\0')
  if (isOutside) throw deltaProblem(`Its file ${path.slice(0, 200)} lies outside of the table, as in a shallow clone`, 'Make a deep clone of the table')
  return path
}

function fileOf(add: z.infer<typeof Add>): DeltaFile {
  const partitionValues = add.partitionValues ?? {}
  const sorted = Object.entries(partitionValues).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    path: pathOf(add.path),
    bytes: add.size,
    modifiedAt: timeOf(add.modificationTime),
    partitionValues,
    deletionVector: add.deletionVector ? vectorOf(add.deletionVector) : null,
    fingerprint: JSON.stringify([add.size, add.modificationTime, vectorId(add.deletionVector), sorted]),
  }
}

function timeOf(millis: number): string {
  const time = new Date(millis)
  if (Number.isNaN(time.getTime())) throw deltaProblem(`Its log holds a time that is none: ${millis}`)
  return time.toISOString()
}

function vectorOf(vector: z.infer<typeof Vector>): DeletionVector {
  const { storageType, pathOrInlineDv, offset, sizeInBytes, cardinality } = vector
  const id = vectorId(vector)
  if (storageType === 'i') return { id, cardinality, place: { kind: 'inline', bytes: z85(pathOrInlineDv).subarray(0, sizeInBytes) } }
  if (storageType === 'u') return { id, cardinality, place: { kind: 'object', path: vectorPath(pathOrInlineDv), offset: offset ?? 0, bytes: sizeInBytes } }
  throw deltaProblem('A deletion vector lies outside of the table, as in a shallow clone', 'Make a deep clone of the table')
}

import { createHash } from 'node:crypto'
import type { ListedObject } from '@/lib/connectors/objects/object-access'
import type { Piece } from '@/lib/warehouse/formats/format'
import { objectBytes } from './fetch/object-bytes'
import { piecesOf, type FetchedPiece } from './fetch/pieces-of'
import { plainBytes } from './fetch/plain-bytes'
import { readColumns } from './read-columns'
import { addressOf, type ReadContext } from './read-context'
import { filesOfObject, foundIn, laidOut, type ReadObject } from './read-object'
import { prepared, stagePiece, type StagedPiece } from './stage-piece'

/** Pieces of one object that are staged while the next is fetched. */
const PIECES_AHEAD = 2

/** The bytes of an object as a text, in pieces that begin and end at row ends. */
export async function* textPieces(context: ReadContext, object: ListedObject, onRaw: (chunk: Uint8Array) => void): AsyncGenerator<FetchedPiece> {
  const { access, signal, pool, format, job, scratch } = context
  const address = addressOf(context, object.key)
  const raw = tapped(objectBytes(access, object, signal), (chunk) => {
    context.onBytes(chunk.length)
    onRaw(chunk)
  })
  const plain = plainBytes(raw, { address, scratch, signal, settings: job.settings, onEncoding: context.onEncoding })
  yield* piecesOf(plain, {
    address,
    format,
    scratch,
    signal,
    ...(context.pieceBytes ? { pieceBytes: context.pieceBytes } : {}),
    inspect: (file, place) => format.inspect(pool.engineFor(address), file, job.settings, context.last.like, place),
  })
}

async function* tapped(bytes: AsyncIterable<Uint8Array>, tap: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    tap(chunk)
    yield chunk
  }
}

/** Reads a text from its first byte to its last, a piece at a time: its length does not matter to memory or disk. */
export async function readText(context: ReadContext, object: ListedObject): Promise<ReadObject> {
  const hash = object.fingerprint === null ? createHash('sha256') : null
  const staged: Promise<StagedPiece>[] = []
  let notes: string[] = []
  try {
    for await (const { piece, release } of textPieces(context, object, (chunk) => hash?.update(chunk))) {
      if (piece.isFirst) notes = piece.inspection.notes
      const stage = stageOne(context, piece).finally(release)
      // a failure is thrown where it is waited for, below
      stage.catch(() => undefined)
      staged.push(stage)
      await staged.at(-PIECES_AHEAD)
    }
  } finally {
    await Promise.allSettled(staged)
  }
  const pieces = await Promise.all(staged)
  foundIn(context, object, pieces, notes)
  return { object, ...filesOfObject(context, object, pieces.map(laidOut)), digest: hash ? hash.digest('hex') : null }
}

async function stageOne(context: ReadContext, piece: Piece): Promise<StagedPiece> {
  const { pool, format, scratch, job } = context
  context.last.like = piece.inspection
  const columns = readColumns(piece.inspection, job.settings, job.columnNames)
  const target = scratch.file('parquet')
  // a text without columns has no rows
  if (!columns.length) return { path: target, rows: 0, columns }
  const ready = await prepared(format, piece)
  return pool.use(piece.file.address, (engine) => stagePiece(engine, format, ready, columns, target))
}

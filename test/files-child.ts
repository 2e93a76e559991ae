import fs from 'node:fs/promises'
import { disconnect } from '@/lib/db/client'
import { runFiles } from '@/lib/pipeline/files/run-files'
import { filesJob } from './files-room'
import { MemoryBucket } from './memory-bucket'
import type { Schema } from './sync-room'

export type BucketState = 'before' | 'after'

/** What a process is told that syncs a bucket and dies on the way. */
export interface FilesChildOrder {
  schema: Schema
  run: { runId: string; fence: number }
  state: BucketState
  /** Is each object read by itself? Else small ones share data files. */
  isEachAlone?: boolean
  /**
   * Dies this long after the step begins; when the nth chunk of objects is asked for; when the nth checkpoint is saved; or when the nth file is in the store, of
   * which nothing else knows yet.
   */
  dieAt: { step: string; afterMs: number } | { chunk: number } | { checkpoint: number } | { stored: number }
}

/** A bucket before and after some of its files changed, came and went: small ones that share data files, and long ones that have their own. */
export function bucketIn(state: BucketState, isEachAlone = false): MemoryBucket {
  const bucket = new MemoryBucket()
  bucket.hasLengths = !isEachAlone
  const csv = (name: string, rows: number, filler = '') => `id,name\n${Array.from({ length: rows }, (_, id) => `${id},${name} ${id}${filler}`).join('\n')}\n`
  const long = (name: string) => csv(name, 4_500, ' and a text that makes it long'.repeat(33))
  for (let file = 0; file < 60; file++) bucket.put(`small-${file}.csv`, csv(`small ${file}`, 700))
  for (const name of ['one', 'two', 'three']) bucket.put(`long-${name}.csv`, long(name))
  if (state === 'before') return bucket
  // so many that compaction pays, whichever way it goes
  for (let file = 0; file < 60; file++) if (file % 3) bucket.put(`small-${file}.csv`, csv(`changed ${file}`, 690))
  bucket.delete('small-1.csv')
  bucket.put('long-two.csv', long('changed two'))
  bucket.delete('long-three.csv')
  bucket.put('new.csv', csv('new', 7))
  return bucket
}

/** Counts to the moment at which this process dies. */
function dieOn(wanted: number | undefined): () => void {
  let count = 0
  return () => {
    if (++count === wanted) process.kill(process.pid, 'SIGKILL')
  }
}

async function main({ schema, run, state, isEachAlone, dieAt }: FilesChildOrder): Promise<void> {
  const bucket = bucketIn(state, isEachAlone)
  const onCheckpoint = dieOn('checkpoint' in dieAt ? dieAt.checkpoint : undefined)
  const onStored = dieOn('stored' in dieAt ? dieAt.stored : undefined)
  bucket.onChunk = dieOn('chunk' in dieAt ? dieAt.chunk : undefined)
  // a file is in the store from the moment when it has its name there
  const { rename } = fs
  fs.rename = async (from, to) => {
    await rename(from, to)
    if (/\.(parquet|csv)$/.test(String(to))) onStored()
  }
  await runFiles(filesJob(schema, run, bucket, {
    checkpointSeconds: 0,
    log: (_, message) => {
      if (message.startsWith('The read can go on from here')) onCheckpoint()
    },
    onProgress: ({ step }) => {
      if ('step' in dieAt && dieAt.step === step) setTimeout(dieOn(1), dieAt.afterMs)
    },
  }))
  await disconnect()
}

if (process.argv[2]) await main(JSON.parse(process.argv[2]))

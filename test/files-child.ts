import { disconnect } from '@/lib/db/client'
import { runFiles } from '@/lib/pipeline/files/run-files'
import { filesJob } from './files-room'
import { MemoryBucket } from './memory-bucket'
import type { Schema } from './sync-room'

/** What a process is told that syncs a bucket and dies on the way. */
export interface FilesChildOrder {
  schema: Schema
  run: { runId: string; fence: number }
  state: 'before' | 'after'
  /** Dies this long after the step begins, or when the nth chunk of objects is asked for. */
  dieAt: { step: string; afterMs: number } | { chunk: number }
}

/** A bucket before and after some of its files changed, came and went: small ones that share data files, and long ones that have their own. */
export function bucketIn(state: FilesChildOrder['state']): MemoryBucket {
  const bucket = new MemoryBucket()
  const csv = (name: string, rows: number) => `id,name\n${Array.from({ length: rows }, (_, id) => `${id},${name} ${id}`).join('\n')}\n`
  for (let file = 0; file < 60; file++) bucket.put(`small-${file}.csv`, csv(`small ${file}`, 50))
  for (const name of ['one', 'two', 'three']) bucket.put(`long-${name}.csv`, csv(name, 250_000))
  if (state === 'before') return bucket
  for (let file = 0; file < 60; file += 3) bucket.put(`small-${file}.csv`, csv(`changed ${file}`, 40))
  bucket.delete('small-1.csv')
  bucket.put('long-two.csv', csv('changed two', 250_000))
  bucket.delete('long-three.csv')
  bucket.put('new.csv', csv('new', 7))
  return bucket
}

if (process.argv[1]?.endsWith('files-child.ts')) {
  const die = () => process.kill(process.pid, 'SIGKILL')
  const order: FilesChildOrder = JSON.parse(await new Response(process.stdin as unknown as ReadableStream).text())
  const { dieAt } = order
  const bucket = bucketIn(order.state)
  let chunks = 0
  bucket.onChunk = () => {
    if ('chunk' in dieAt && dieAt.chunk === chunks++) die()
  }
  await runFiles(filesJob(order.schema, order.run, bucket, {
    onProgress: ({ step }) => {
      if (!('step' in dieAt) || dieAt.step !== step) return
      if (dieAt.afterMs === 0) die()
      else setTimeout(die, dieAt.afterMs)
    },
  }))
  await disconnect()
}

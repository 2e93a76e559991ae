import net from 'node:net'
import { linkSource } from '@/lib/sources/link-source'
import type { Bench } from './bench-workspace'
import { makeBenchTable, withClient } from './bench-table'
import { seconds, WORKER_MEGABYTES, type Measure } from './measure'

const MB = 1024 * 1024
const ROWS = 3_000_000
const NEAR_ROUNDS = 4

interface Way {
  /** What one connection brings in a second. */
  bytesPerSecond?: number
  /** From one end to the other, and how much of a connection may be under way. */
  delayMs?: number
  windowBytes?: number
}

/** A full sync over a long or narrow way, once by a user who may join a snapshot and once by one who may not, and therefore reads over one connection. Then the same next door, where one is enough. */
export async function parallelRace(bench: Bench): Promise<Measure[]> {
  const table = await makeBenchTable(bench.sourceUrl, ROWS)
  await makeUsers(bench.sourceUrl, table)
  const measures: Measure[] = []
  const ways: [string, Way][] = [['of 8 MB/s for each connection', { bytesPerSecond: 8 * MB, windowBytes: 256 * 1024 }], ['of 60 ms to and fro, with 512 kB under way', { delayMs: 30, windowBytes: 512 * 1024 }]]
  for (const [name, way] of ways) {
    const several = await syncOver(bench, table, way, 'several')
    const one = await syncOver(bench, table, way, 'alone')
    measures.push({ name: `over a way ${name}: time of several against one`, value: several.seconds / one.seconds, unit: '×', bar: 0.5, detail: `${seconds(several.seconds)} over ${several.connections} against ${seconds(one.seconds)} over ${one.connections}` })
    measures.push({ name: 'peak memory of that sync', value: several.peakMegabytes, unit: 'MB', bar: WORKER_MEGABYTES })
  }
  const near: Record<User, number[]> = { alone: [], several: [] }
  for (let round = 0; round < NEAR_ROUNDS; round++) for (const user of round % 2 ? users.toReversed() : users) near[user].push((await syncOver(bench, table, null, user)).seconds)
  measures.push({ name: 'next door: time of who may use several against one', value: Math.min(...near.several) / Math.min(...near.alone), unit: '×', bar: 1.03, detail: `the fastest of ${NEAR_ROUNDS}: ${seconds(Math.min(...near.several))} against ${seconds(Math.min(...near.alone))}` })
  return measures
}

const users = ['alone', 'several'] as const
type User = (typeof users)[number]

async function makeUsers(url: string, table: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM PUBLIC')
    for (const user of users) {
      await client.query(`DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${user}') THEN CREATE ROLE ${user} LOGIN PASSWORD 'bench'; END IF; END $$`)
      await client.query(`GRANT SELECT ON ${table} TO ${user}`)
    }
    await client.query('GRANT EXECUTE ON FUNCTION pg_export_snapshot() TO several')
  })
}

let links = 0

async function syncOver(bench: Bench, table: string, way: Way | null, user: User): Promise<{ seconds: number; connections: number; peakMegabytes: number }> {
  const { hostname, port, pathname } = new URL(bench.sourceUrl)
  const road = way ? await openRoad({ host: hostname, port: Number(port) }, way) : null
  try {
    const name = `parallel_${++links}`
    const { sourceId } = await linkSource(bench.workspaceId, {
      connector: 'postgres', name, prefix: name,
      config: { host: hostname, port: road?.port ?? Number(port), database: pathname.slice(1), user, password: 'bench', sslmode: 'disable', schema: 'public' },
      schemas: [{ name: table, method: 'full', replicationKey: null, columnNames: null }],
    })
    await bench.prove(sourceId, false)
    if (road) road.mostAtOnce = 0
    const { seconds: took, report, peakMegabytes } = await bench.sync(sourceId, table, 'full')
    if (report?.rowsRead !== ROWS) throw new Error(`read ${report?.rowsRead} rows of ${ROWS}`)
    return { seconds: took, connections: road?.mostAtOnce ?? 0, peakMegabytes }
  } finally {
    road?.close()
  }
}

interface Road {
  port: number
  mostAtOnce: number
  close(): void
}

/** Carries connections to a server, each as fast as its way lets it. */
async function openRoad(to: { host: string; port: number }, way: Way): Promise<Road> {
  const open = new Set<net.Socket>()
  const server = net.createServer((near) => {
    const far = net.connect(to)
    open.add(near)
    near.once('close', () => {
      open.delete(near)
      far.destroy()
    })
    road.mostAtOnce = Math.max(road.mostAtOnce, open.size)
    for (const [from, onto] of [[near, far], [far, near]] as const) {
      from.setNoDelay(true)
      from.on('error', () => {
        near.destroy()
        far.destroy()
      })
      carry(from, onto, way)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const road: Road = { port: (server.address() as net.AddressInfo).port, mostAtOnce: 0, close: () => void server.close() } // it listens at a port, not at a pipe
  return road
}

function carry(from: net.Socket, onto: net.Socket, { bytesPerSecond = Infinity, delayMs = 0, windowBytes = Infinity }: Way): void {
  let free = 0
  let underWay = 0
  // in their order, whatever the order in which timers fire
  const waiting: { chunk: Buffer | null; at: number }[] = []
  const send = () => {
    const now = performance.now()
    for (let first = waiting[0]; first && first.at <= now; first = waiting[0]) {
      waiting.shift()
      const { chunk } = first
      if (!chunk) return void onto.end()
      onto.write(chunk)
      // who sent it hears of that as long after as it took
      setTimeout(() => {
        underWay -= chunk.length
        if (underWay < windowBytes) from.resume()
      }, delayMs)
    }
    const next = waiting[0]
    if (next) setTimeout(send, Math.max(1, next.at - now))
  }
  const queue = (chunk: Buffer | null) => {
    free = Math.max(performance.now(), free) + ((chunk?.length ?? 0) / bytesPerSecond) * 1000
    waiting.push({ chunk, at: free + delayMs })
    if (waiting.length === 1) setTimeout(send, Math.max(0, free + delayMs - performance.now()))
  }
  from.on('data', (chunk) => {
    queue(chunk)
    underWay += chunk.length
    if (underWay >= windowBytes) from.pause()
  })
  from.once('end', () => queue(null))
}

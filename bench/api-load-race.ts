import { Stripe } from 'stripe'
import { stripe } from '@/lib/connectors/stripe/connector'
import type { Bench } from './bench-workspace'
import { seconds, type Measure } from './measure'
import { startAccount, type AccountSize, type BenchAccount } from './stripe-account'

const PAGE = 100
const LATENCY_MS = 100
/** Of the pages, how many the sequential way reads for its time. */
const SEQUENTIAL_PART = 10

/** The first load of an API source: against what its rate limit allows, and against reading page after page. */
export async function apiLoadRace(bench: Bench, charges: number): Promise<Measure[]> {
  const fast: AccountSize = { mode: 'live', charges, perSecond: 100, burst: 10, latencyMs: LATENCY_MS }
  const slow: AccountSize = { mode: 'test', charges: charges / 4, perSecond: 25, burst: 5, latencyMs: LATENCY_MS }
  const read = await readAlone(fast)
  const [ours, nothing] = await loadAndFollow(bench, 'bench_stripe_100', fast)
  const [careful] = await loadAndFollow(bench, 'bench_stripe_25', slow)
  const sequential = await sequentialSeconds(fast)
  const name = (of: AccountSize) => `first load of ${of.charges.toLocaleString('en')} objects at ${of.perSecond} requests a second`
  // the emulated account, the reader and the stage share the cores of this machine: the reader is raced alone too
  const rate = (what: string, of: AccountSize, { seconds: took, requests, refused }: Pick<Load, 'seconds' | 'requests' | 'refused'>): Measure => ({
    name: `${name(of)}, ${what}: the rate allowed against the rate kept`,
    value: (of.perSecond * took) / requests,
    unit: '×',
    bar: 1 / 0.9,
    detail: `${seconds(took)} for what needs ${seconds(of.charges / PAGE / of.perSecond)} at least, ${requests} requests, ${refused} refused`,
  })
  return [
    rate('read', fast, read),
    rate('synced', fast, ours),
    { name: `${name(fast)}, synced, against page after page`, value: ours.seconds / sequential, unit: '×', bar: 1 / 8, detail: `${seconds(ours.seconds)} against ${seconds(sequential)}, of which a ${SEQUENTIAL_PART}th was read` },
    rate('synced', slow, careful),
    { name: `requests refused in ${name(slow)}`, value: (100 * careful.refused) / careful.requests, unit: '%', bar: 1 },
    { name: 'peak memory of a first load from an API', value: ours.peakMegabytes, unit: 'MB', bar: null },
    { name: 'requests of a sync from an API with nothing new', value: nothing.requests, unit: '', bar: 2, detail: seconds(nothing.seconds) },
  ]
}

interface Load {
  seconds: number
  peakMegabytes: number
  requests: number
  refused: number
}

/** A first sync of the charges, and one with nothing new. */
async function loadAndFollow(bench: Bench, name: string, account: AccountSize): Promise<[Load, Load]> {
  const server = await startAccount(account)
  try {
    const sourceId = await bench.linkStripe(name, server)
    const first = await syncOnce(bench, sourceId, server)
    if (first.rowsRead !== account.charges) throw new Error(`read ${first.rowsRead} objects of ${account.charges}`)
    const again = await syncOnce(bench, sourceId, server)
    if (again.isChanged) throw new Error('a sync with nothing new changed the table')
    return [first, again]
  } finally {
    await server.close()
  }
}

async function syncOnce(bench: Bench, sourceId: string, server: BenchAccount) {
  await server.count()
  const { seconds: took, peakMegabytes, report } = await bench.sync(sourceId, 'charges', 'incremental')
  return { seconds: took, peakMegabytes, rowsRead: report?.rowsRead, isChanged: report?.isChanged, ...(await server.count()) }
}

/** The connector's own read, without the rows being kept. */
async function readAlone(account: AccountSize): Promise<Pick<Load, 'seconds' | 'requests' | 'refused'>> {
  const server = await startAccount(account)
  try {
    const config = stripe.config.parse({ api_key: server.key, base_url: server.url })
    const schema = stripe.describe({ schema: 'charges' })
    if (!schema) throw new Error('Stripe has no charges')
    await server.count()
    const began = performance.now()
    let rows = 0
    for await (const batch of stripe.read(config, { location: schema.location, columns: schema.columns, batchBytes: 1, changes: { read: 'everything' } }, new AbortController().signal)) rows += batch.rows.length
    if (rows !== account.charges) throw new Error(`read ${rows} objects of ${account.charges}`)
    return { seconds: (performance.now() - began) / 1000, ...(await server.count()) }
  } finally {
    await server.close()
  }
}

/** The official client, page after page, without any rows being kept. */
async function sequentialSeconds(account: AccountSize): Promise<number> {
  const server = await startAccount(account)
  try {
    const { hostname, port } = new URL(server.url)
    const client = new Stripe(server.key, { host: hostname, port, protocol: 'http', telemetry: false })
    const wanted = account.charges / SEQUENTIAL_PART
    const began = performance.now()
    let read = 0
    for await (const _ of client.charges.list({ limit: PAGE })) if (++read === wanted) break
    return ((performance.now() - began) / 1000) * SEQUENTIAL_PART
  } finally {
    await server.close()
  }
}

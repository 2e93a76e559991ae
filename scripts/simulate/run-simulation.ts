import { limits } from '../../lib/core/limits'
import type { JobsDriver } from '../../lib/jobs/jobs-driver'
import { Agenda } from './agenda'
import { Fleet } from './fleet'
import { Measures, type Bar } from './measures'
import { Random } from './random'
import { SimJobs } from './sim-jobs'
import { VirtualDatabase } from './virtual-database'
import { makeWorld, storeWorld, type MixName } from './world'

export interface Settings {
  seed: number
  workspaces: number
  meanSchemas: number
  mix: MixName
  minutes: number
  /** How busy the places are, from 0 to 1: so many workers there are. */
  utilisation: number
}

/** A world that a test can afford. */
export const shortSettings: Settings = { seed: 1, workspaces: 200, meanSchemas: 4, mix: 'hurried', minutes: 10, utilisation: 0.7 }

/** BEGIN and COMMIT among them, without what the sync itself does. Measured, and a third more. */
const STATEMENTS_PER_SYNC = 13
const STANDING_PER_PLACE = 0.5
/** So long a worker lives, on average. */
const LIFE_SECONDS = 1_800

/** A full hour is in the middle of the first minutes. */
const START = Date.parse('2026-06-01T08:55:00Z')

export async function runSimulation(url: string, settings: Settings, say: (words: string) => void): Promise<Bar[]> {
  const random = new Random(settings.seed)
  const realRandom = Math.random
  const database = await VirtualDatabase.open(url, START)
  const jobs = new SimJobs()
  const shared = globalThis as { tributaryJobs?: JobsDriver }
  try {
    Math.random = () => random.next()
    const world = makeWorld(random, settings, START)
    await storeWorld(database, world)
    await jobs.open()
    await database.turnQueueClock()
    shared.tributaryJobs = jobs
    const workers = Math.max(2, Math.ceil(world.load / settings.utilisation / limits.runsAtOnce))
    say(`seed ${settings.seed}: ${world.workspaces} workspaces, ${world.sources} sources, ${world.schemas.size} schemas, ${workers} workers of ${limits.runsAtOnce} places, ${settings.minutes} minutes from ${new Date(START).toISOString()}`)
    const agenda = new Agenda(START)
    const measures = new Measures()
    const before = database.counted()
    const fleet = new Fleet(world, agenda, database, jobs, random, measures)
    fleet.start(workers, LIFE_SECONDS / workers)
    for (let minute = 1; minute <= settings.minutes; minute++) {
      await agenda.until(START + minute * 60_000, (now) => database.setTime(now))
      if (minute % 5 === 0) say(`minute ${minute}: ${measures.attempts} attempts`)
    }
    fleet.count()
    const statements = database.counted() - before
    await addUnended(database, measures, world, agenda.now)
    say(measures.table())
    say(`${measures.attempts} attempts, ${measures.retries} of them again; ${measures.failures} failed for good, ${measures.deaths} workers died, ${measures.takenOver} runs taken over, ${measures.refused} claims refused; ${Math.round(measures.idleLooks)} looks of resting workers`)
    say(`places were busy for ${((100 * measures.busySeconds) / measures.placeSeconds).toFixed(1)} % of their time`)
    return measures.bars(statements, { statementsPerSync: STATEMENTS_PER_SYNC, standingPerPlace: STANDING_PER_PLACE, ...limits.places })
  } finally {
    Math.random = realRandom
    delete shared.tributaryJobs
    await jobs.stop()
    await database.close()
  }
}

/** What still waits at the end has waited so long: it counts too, or the starved would not be seen. */
async function addUnended(database: VirtualDatabase, measures: Measures, world: Parameters<typeof storeWorld>[1], now: number): Promise<void> {
  const waiting = await database.query<{ schemaId: string; queuedAt: Date }>(`SELECT "schemaId", "queuedAt" FROM "SyncRun" WHERE "status" = 'queued' AND "attempt" = 0`)
  for (const { schemaId, queuedAt } of waiting) measures.wait(world.schemas.get(schemaId)!, (now - queuedAt.getTime()) / 1_000)
  const unstarted = await database.query<{ id: string; next: Date }>(`SELECT "id", "nextRunAt" AS next FROM "SourceSchema" WHERE "nextRunAt" < sim.now()`)
  for (const { id, next } of unstarted) measures.wait(world.schemas.get(id)!, (now - next.getTime()) / 1_000)
}

import { expect, test } from 'vitest'
import type { JobRequest, JobsDriver } from './jobs-driver'

/** A driver and the workers behind it, in the hands of a test. */
export interface JobsRoom {
  driver: JobsDriver
  /** A queued run that is due now. */
  request(): Promise<JobRequest>
  /** Let workers take all that may be taken, and give the runs that they were handed since the last call. */
  handed(): Promise<string[]>
  /** Let so much time go by. */
  pass(seconds: number): Promise<void>
}

const LATER_SECONDS = 15

/** The contract, as tests that every driver passes. */
export function jobsSuite(room: () => JobsRoom): void {
  const later = () => new Date(Date.now() + LATER_SECONDS * 1_000)

  test('a run that is sent is handed to a worker, and once, though it was sent twice', async () => {
    const { driver, request, handed } = room()
    const sent = await request()
    await driver.send([sent])
    await driver.send([sent])
    expect(await handed()).toEqual([sent.runId])
    expect(await handed()).toEqual([])
  })

  test('many runs that are sent at once are all handed over', async () => {
    const { driver, request, handed } = room()
    const sent = [await request(), await request(), await request()]
    await driver.send(sent)
    expect((await handed()).toSorted()).toEqual(sent.map(({ runId }) => runId).toSorted())
  })

  test('a run that waits for its time is handed over after it, and not before', async () => {
    const { driver, request, handed, pass } = room()
    const sent = await request()
    await driver.send([{ ...sent, notBefore: later() }])
    expect(await handed()).toEqual([])
    await pass(LATER_SECONDS)
    expect(await handed()).toEqual([sent.runId])
  })

  test('a run that is due now is not held back by its own job that waits for a retry', async () => {
    const { driver, request, handed } = room()
    const sent = await request()
    await driver.send([{ ...sent, notBefore: later() }])
    await driver.send([sent])
    expect(await handed()).toEqual([sent.runId])
    await driver.cancel(sent.runId)
  })

  test('a run that changed hands is handed over again', async () => {
    const { driver, request, handed } = room()
    const sent = await request()
    await driver.send([sent])
    expect(await handed()).toEqual([sent.runId])
    await driver.send([{ ...sent, fence: sent.fence + 1 }])
    expect(await handed()).toEqual([sent.runId])
  })

  test('a run that is cancelled while it waits is not handed over, and cancelling it twice is fine', async () => {
    const { driver, request, handed } = room()
    const sent = await request()
    await driver.send([sent])
    await driver.cancel(sent.runId)
    await driver.cancel(sent.runId)
    expect(await handed()).toEqual([])
  })
}

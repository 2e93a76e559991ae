import { z } from 'zod'
import { setEnv } from '@/lib/core/env'
import { Bystander } from './bystander'
import { generate } from './generate'
import { HistoryRun } from './history'
import { Room } from './room'
import type { Outcome } from './tally'

export const LaneOrder = z.discriminatedUnion('is', [
  z.object({ is: z.literal('open'), folder: z.string(), sourceUrl: z.string(), command: z.array(z.string()) }),
  z.object({ is: z.literal('history'), seed: z.number() }),
  z.object({ is: z.literal('where') }),
  z.object({ is: z.literal('close') }),
])
export type LaneOrder = z.infer<typeof LaneOrder>
export type LaneAnswer = { is: 'open'; canBeFull: boolean } | { is: 'outcome'; outcome: Outcome } | { is: 'where'; steps: string[] } | { is: 'closed' } | { is: 'failed'; words: string }

/** A process in which one history happens after the other, so that several happen at once on a machine. */
export async function runLane(loaded: () => void): Promise<void> {
  setEnv({ LOG_LEVEL: 'silent' })
  let room: Room | undefined
  let bystander: Bystander | undefined
  let history: HistoryRun | undefined
  const answer = (said: LaneAnswer) => process.send?.(said)
  process.on('message', (message) => {
    const order = LaneOrder.parse(message)
    doOrder(order).then(answer, (error: unknown) => answer({ is: 'failed', words: error instanceof Error ? String(error.stack) : JSON.stringify(error) }))
  })
  // Ctrl-C reaches every process; the one that was started ends the others in order
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  // whoever started it is gone
  process.once('disconnect', () => {
    room?.hands.killAll()
    process.exit(1)
  })

  async function doOrder(order: LaneOrder): Promise<LaneAnswer> {
    if (order.is === 'open') {
      room = await Room.open(order.folder, order.sourceUrl, order.command)
      bystander = await Bystander.make(room)
      loaded()
      return { is: 'open', canBeFull: room.disks.canBeFull }
    }
    if (order.is === 'close') {
      await room?.close()
      setImmediate(() => process.exit(0))
      return { is: 'closed' }
    }
    if (order.is === 'where') return { is: 'where', steps: history?.steps ?? [] }
    if (!room || !bystander) throw new Error('The lane is not open')
    history = new HistoryRun(room, bystander, generate(order.seed))
    return { is: 'outcome', outcome: await history.run() }
  }
}

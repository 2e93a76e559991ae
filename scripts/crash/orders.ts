import { z } from 'zod'

/** What a process is told to do, in the words of the verbs that the worker and the pages call. */
export const Work = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('sync'), runId: z.string() }),
  z.object({ verb: z.literal('roll back'), workspaceId: z.string(), schemaId: z.string(), to: z.number(), from: z.number() }),
  z.object({ verb: z.enum(['publish', 'discard', 'delete data', 'change settings']), workspaceId: z.string(), schemaId: z.string() }),
  z.object({ verb: z.literal('delete source'), workspaceId: z.string(), sourceId: z.string() }),
  z.object({ verb: z.literal('sweep') }),
])
export type Work = z.infer<typeof Work>

const Point = z.object({
  at: z.enum(['step', 'put', 'remove', 'read', 'statement', 'claim', 'checkpoint', 'publish', 'hold', 'forget', 'settle']),
  number: z.number(),
  when: z.enum(['before', 'after']),
})

export const Order = z.object({
  work: Work,
  /** Where it is stopped, and how. */
  point: Point.nullable(),
  how: z.enum(['killed', 'frozen']),
  /** The data folder, and the address of the database, which may have changed. */
  data: z.string(),
  databaseUrl: z.string(),
  limits: z.object({ inParts: z.boolean(), compacts: z.boolean() }),
})
export type Order = z.infer<typeof Order>

const Failure = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() })

/** What a process says, a line each. `stopped`: it is about to be, at the point. */
export const Said = z.discriminatedUnion('is', [
  z.object({ is: z.literal('ready') }),
  z.object({ is: z.literal('stopped') }),
  z.object({ is: z.literal('done'), result: z.string() }),
  z.object({ is: z.literal('failed'), failure: Failure }),
])
export type Said = z.infer<typeof Said>
export type Failure = z.infer<typeof Failure>

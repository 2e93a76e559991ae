import type { Json } from '@duckdb/node-api'
import { z } from 'zod'

/** What the engine's process is told; `connection` counts from 0. */
export type EngineRequest = { kind: 'run' | 'rows'; id: number; connection: number; sql: string } | { kind: 'interrupt' }

const Rows = z.custom<Json[][]>((value) => Array.isArray(value) && value.every((row) => Array.isArray(row)))

/** What it may say; checked, since it works on files of strangers. */
export const EngineReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('done'), id: z.number(), written: z.number().min(0) }),
  z.object({ kind: z.literal('rows'), id: z.number(), rows: Rows }),
  z.object({ kind: z.literal('failed'), id: z.number(), message: z.string() }),
])
export type EngineReply = z.infer<typeof EngineReply>

/** The one argument of the program, as JSON. */
export interface EngineStart {
  connections: number
  spillFolder: string
  options: Record<string, string>
}

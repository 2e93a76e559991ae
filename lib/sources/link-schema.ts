import { z } from 'zod'
import { Encoding } from '@/lib/core/source-column'
import { ConfigInput, type ConnectorView } from './schema'

/** What a connection check and discovery are asked with. */
export const ConfigRequest = z.object({
  connector: z.string().min(1).max(100),
  config: ConfigInput,
  /** An existing source: its stored secrets stand in for those left blank. */
  sourceId: z.uuid().optional(),
})
export type ConfigRequest = z.infer<typeof ConfigRequest>

/** Which table's first rows are looked at; only the columns of which its type does not tell everything. */
export const MeasureRequest = ConfigRequest.extend({ location: z.record(z.string(), z.string()), columns: z.array(z.object({ name: z.string(), sourceType: z.string(), type: z.string(), encoding: Encoding, nullable: z.boolean(), note: z.string().optional(), fidelity: z.enum(['widened', 'text']).optional() })).max(5_000) })

export interface InboundAddresses {
  /** Set by this server's INBOUND_IPS; false for the hosted service's. */
  isOwn: boolean
  regions: { region: string | null; addresses: string[] }[]
}

/** A connector's form and what it must not collide with. */
export interface LinkForm {
  connector: ConnectorView
  inbound: InboundAddresses
  /** Sources of this connector by prefix: two of them cannot share one. */
  takenPrefixes: { prefix: string; sourceName: string }[]
  takenNames: string[]
}

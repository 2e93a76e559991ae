import { z } from 'zod'
import { open, seal } from '@/lib/core/secret-box'

const Secrets = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
type Secrets = z.infer<typeof Secrets>

/** Seal the secret fields of a source's config; they open only for the same source. */
export function sealSecrets(sourceId: string, secrets: Secrets): string {
  return seal(JSON.stringify(secrets), `source:${sourceId}`)
}

export function openSecrets(sourceId: string, sealed: string): Secrets {
  return Secrets.parse(JSON.parse(open(sealed, `source:${sourceId}`)))
}

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const Shop = z.object({ host: z.string(), port: z.number(), database: z.string(), user: z.string(), password: z.string(), schema: z.string(), sslmode: z.string() })

/** A real source database beside the installation: what a person types into the form to link it. */
export function sampleShop(): z.infer<typeof Shop> {
  return Shop.parse(JSON.parse(readFileSync(path.join(process.env.E2E_DATA ?? '', 'shop.json'), 'utf8')))
}

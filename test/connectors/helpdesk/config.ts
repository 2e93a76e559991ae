import { z } from 'zod'
import { apiAddress } from '@/lib/connectors/api-address'

export const HelpdeskConfig = z.strictObject({
  base_url: apiAddress('https://acme.helpdesk.example').meta({ label: 'Address', placeholder: 'https://acme.helpdesk.example', isDestination: true }),
  token: z.string({ error: 'Enter the token' }).trim().min(1, 'Enter the token').meta({ label: 'API token', help: 'A token that can only read is enough', secret: true, control: 'password' }),
})
export type HelpdeskConfig = z.output<typeof HelpdeskConfig>

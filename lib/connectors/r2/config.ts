import { z } from 'zod'
import { apiAddress } from '../api-address'
import { givenFields } from '../given-fields'
import { accessKeyField, secretKeyField } from '../objects/s3/s3-fields'

const Fields = z.object({
  account_id: z.string({ error: 'Enter the account id' }).toLowerCase().regex(/^[0-9a-f]{32}$/, 'An account id has 32 digits and letters from a to f').meta({
    label: 'Account ID',
    placeholder: '0123456789abcdef0123456789abcdef',
    help: 'On the page of R2 in the Cloudflare dashboard, and in the address of its S3 API',
    isDestination: true,
  }),
  access_key_id: accessKeyField('32 digits and letters', 'Of an API token with Object Read only'),
  secret_access_key: secretKeyField(),
  jurisdiction: z.enum(['default', 'eu', 'fedramp'], 'Choose default, eu or fedramp').default('default').meta({
    label: 'Jurisdiction',
    control: 'select',
    help: 'Only buckets that were made in one are found there; most were made in none',
    isDestination: true,
  }),
  endpoint: apiAddress('https://ACCOUNT.r2.cloudflarestorage.com').optional().meta({
    label: 'Address',
    placeholder: 'https://ACCOUNT.r2.cloudflarestorage.com',
    help: 'Leave it blank: the account tells it',
    isDestination: true,
  }),
})

/** What the form and the command line send becomes what the connector is given. */
export const R2Config = z.preprocess(givenFields, Fields)
export type R2Config = z.output<typeof R2Config>

/** Where the buckets are. */
export function endpointOf({ account_id: account, jurisdiction, endpoint }: R2Config): string {
  return endpoint ?? `https://${account}${jurisdiction === 'default' ? '' : `.${jurisdiction}`}.r2.cloudflarestorage.com`
}

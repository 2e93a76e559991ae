import { z } from 'zod'
import { apiAddress } from '../api-address'
import { bareSas } from './sas'
import { givenFields } from '../given-fields'

const EXAMPLE = 'https://account.blob.core.windows.net'

const Fields = z.object({
  account_name: z.string({ error: 'Enter the storage account' }).regex(/^[a-z0-9]{3,24}$/, 'The name of a storage account has 3 to 24 small letters and digits: the part before .blob.core.windows.net').meta({
    label: 'Storage account',
    placeholder: 'account',
    help: 'The part before .blob.core.windows.net',
    isDestination: true,
  }),
  sign_in: z.enum(['sas', 'key'], 'Choose sas or key').default('sas').meta({
    label: 'Sign in with',
    control: 'select',
    labels: { sas: 'Shared access signature', key: 'Account key' },
    help: 'A signature may only read one container, for some time; the account key may do everything',
  }),
  sas_token: z.string().transform(bareSas).refine((sas) => new URLSearchParams(sas).has('sig'), 'A shared access signature holds sig=: copy it whole').optional().meta({
    label: 'Shared access signature',
    placeholder: 'sv=…&sp=rl&sig=…',
    help: 'With the rights Read and List',
    secret: true,
    control: 'password',
    required: true,
    when: { field: 'sign_in', is: ['sas'] },
  }),
  account_key: z.string().regex(/^[A-Za-z0-9+/]{40,}={0,2}$/, 'An account key is base64 and usually ends in ==: copy it whole').optional().meta({
    label: 'Account key',
    secret: true,
    control: 'password',
    required: true,
    when: { field: 'sign_in', is: ['key'] },
  }),
  endpoint: apiAddress(EXAMPLE).optional().meta({
    label: 'Address',
    placeholder: EXAMPLE,
    help: 'Only for other clouds of Azure and for stores of your own',
    isDestination: true,
  }),
})

function checkSecret({ sign_in: way, sas_token: sas, account_key: key }: z.output<typeof Fields>, context: z.RefinementCtx): void {
  const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message, input: undefined })
  if (way === 'sas' && !sas) refuse('sas_token', 'Enter the shared access signature')
  if (way === 'key' && !key) refuse('account_key', 'Enter the account key')
}

/** What the form and the command line send becomes what the connector is given. */
export const AzureConfig = z.preprocess(givenFields, Fields.superRefine(checkSecret))
export type AzureConfig = z.output<typeof AzureConfig>

/** Where the containers are. */
export function endpointOf({ account_name: account, endpoint }: AzureConfig): string {
  return endpoint ?? `https://${account}.blob.core.windows.net`
}

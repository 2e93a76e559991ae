import { z } from 'zod'
import { apiAddress } from '../api-address'
import { keyFileField } from '../objects/google-token'
import { givenFields } from '../given-fields'

export const GCS_URL = 'https://storage.googleapis.com'

const Fields = z.object({
  sign_in: z.enum(['service account', 'hmac key'], 'Choose service account or hmac key').default('service account').meta({
    label: 'Sign in with',
    control: 'select',
    labels: { 'service account': 'Service account', 'hmac key': 'HMAC key' },
    help: 'A service account has a key file in JSON; an HMAC key is an access key and its secret, as tools that speak S3 want them',
  }),
  key_file: keyFileField().optional().meta({
    label: 'Key file of the service account',
    placeholder: '{ "type": "service_account", … }',
    help: 'The whole file; the role Storage Object Viewer on the bucket is enough',
    secret: true,
    control: 'textarea',
    required: true,
    when: { field: 'sign_in', is: ['service account'] },
  }),
  access_id: z.string().regex(/^[A-Za-z0-9]{16,128}$/, 'An access key has letters and digits alone, and usually begins with GOOG').optional().meta({
    label: 'Access key',
    placeholder: 'GOOG1E…',
    required: true,
    when: { field: 'sign_in', is: ['hmac key'] },
  }),
  secret: z.string().optional().meta({
    label: 'Secret',
    secret: true,
    control: 'password',
    required: true,
    when: { field: 'sign_in', is: ['hmac key'] },
  }),
  endpoint: apiAddress(GCS_URL).default(GCS_URL).meta({
    label: 'Address of the API',
    placeholder: GCS_URL,
    help: 'Change it only for a private endpoint or a gateway of your own',
    isDestination: true,
  }),
})

function checkSecret({ sign_in: way, key_file: file, access_id: id, secret }: z.output<typeof Fields>, context: z.RefinementCtx): void {
  const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message, input: undefined })
  if (way === 'service account' && !file) refuse('key_file', 'Paste the key file')
  if (way === 'hmac key' && !id) refuse('access_id', 'Enter the access key')
  if (way === 'hmac key' && !secret) refuse('secret', 'Enter the secret')
}

/** What the form and the command line send becomes what the connector is given. */
export const GcsConfig = z.preprocess(givenFields, Fields.superRefine(checkSecret))
export type GcsConfig = z.output<typeof GcsConfig>

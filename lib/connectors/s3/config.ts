import { z } from 'zod'
import { apiAddress } from '../api-address'
import { givenFields } from '../given-fields'
import { accessKeyField, secretKeyField, sessionTokenField } from '../objects/s3/s3-fields'

const Fields = z.object({
  access_key_id: accessKeyField('AKIA…', 'Of a user who may only list and read the bucket'),
  secret_access_key: secretKeyField(),
  region: z.string().toLowerCase().regex(/^[a-z0-9-]{2,40}$/, 'A region looks like eu-central-1').optional().meta({
    label: 'Region',
    placeholder: 'eu-central-1',
    help: 'Leave it blank for Amazon: the bucket says where it is',
  }),
  endpoint: apiAddress('https://s3.example.com').optional().meta({
    label: 'Address',
    placeholder: 'https://s3.example.com',
    help: 'Only for other stores that speak S3, such as MinIO, Ceph, Backblaze or Wasabi; leave it blank for Amazon',
    isDestination: true,
  }),
  session_token: sessionTokenField(),
})

/** What the form and the command line send becomes what the connector is given. */
export const S3Config = z.preprocess(givenFields, Fields)
export type S3Config = z.output<typeof S3Config>

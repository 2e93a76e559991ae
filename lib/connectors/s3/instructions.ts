import type { Instruction } from '../contract'

const POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: 'arn:aws:s3:::YOUR-BUCKET' },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::YOUR-BUCKET/*' },
  ],
}

export const S3_INSTRUCTIONS: Instruction[] = [
  {
    title: 'A bucket',
    text: 'Files that are in a bucket already stay where they are. For a new one, choose “Create bucket” in the AWS console; access stays blocked to the public.',
    link: { label: 'Buckets', url: 'https://console.aws.amazon.com/s3/buckets' },
  },
  {
    title: 'A policy that can only list and read',
    text: 'Under IAM, Policies, choose “Create policy” and JSON, paste this with the name of your bucket in both places, and give it a name.',
    code: JSON.stringify(POLICY, null, 2),
    link: { label: 'Make a policy', url: 'https://console.aws.amazon.com/iam/home#/policies/create' },
  },
  {
    title: 'A user with that policy, and its key',
    text: 'Under IAM, Users, choose “Create user”, without access to the console, and attach the policy. Open the user, Security credentials, “Create access key”, and copy the key and the secret: the secret is shown once.',
    link: { label: 'Make a user', url: 'https://console.aws.amazon.com/iam/home#/users/create' },
  },
  {
    title: 'Files that are encrypted with a key of your own',
    text: 'If the bucket uses SSE-KMS, allow the user kms:Decrypt on that key as well.',
    code: JSON.stringify({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: 'arn:aws:kms:REGION:ACCOUNT:key/KEY-ID' }, null, 2),
  },
  {
    title: 'The address of the files',
    text: '* stands for anything within a folder, ** for any folders; an address that ends in / means everything beneath. In https addresses write %20 for a space and %2A for a star that is no wildcard.',
    code: 's3://YOUR-BUCKET/orders/*.parquet\ns3://YOUR-BUCKET/orders/**/*.csv.gz\nhttps://YOUR-BUCKET.s3.eu-central-1.amazonaws.com/orders/*.parquet',
  },
  {
    title: 'Data by Airbyte, Fivetran or Stitch',
    text: 'Each of them can write into your bucket. Airbyte makes a folder for each stream, Fivetran one for each schema with one for each table in it, Stitch one for each table; point one table here at each of those folders.',
    code: 's3://YOUR-BUCKET/airbyte/NAMESPACE/STREAM/**\ns3://YOUR-BUCKET/fivetran/SCHEMA/TABLE/**\ns3://YOUR-BUCKET/stitch/TABLE/**',
  },
  {
    title: 'Other stores that speak S3',
    text: 'For MinIO, Ceph, Backblaze B2, Wasabi and the like, enter their address; the bucket is then the first part of the path.',
  },
]

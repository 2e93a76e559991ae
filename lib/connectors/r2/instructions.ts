import type { Instruction } from '../contract'

export const R2_INSTRUCTIONS: Instruction[] = [
  {
    title: 'A bucket',
    text: 'Files that are in a bucket already stay where they are. For a new one, choose “Create bucket” under R2 in the Cloudflare dashboard; public access stays off.',
    link: { label: 'R2 in the dashboard', url: 'https://dash.cloudflare.com/?to=/:account/r2/overview' },
  },
  {
    title: 'A token that can only read',
    text: 'Under R2, choose “Manage API tokens” and “Create API token”. Permissions: Object Read only; apply it to the one bucket. Copy the Access Key ID and the Secret Access Key: they are shown once. The token’s value itself is not needed.',
    link: { label: 'API tokens of R2', url: 'https://dash.cloudflare.com/?to=/:account/r2/api-tokens' },
  },
  {
    title: 'The account',
    text: 'The account id stands beside the list of buckets, and is the first part of the S3 API’s address. Choose a jurisdiction only if the bucket was made in one.',
  },
  {
    title: 'The address of the files',
    text: '* stands for anything within a folder, ** for any folders; an address that ends in / means everything beneath.',
    code: 's3://YOUR-BUCKET/orders/*.parquet\ns3://YOUR-BUCKET/orders/**/*.csv.gz\nhttps://ACCOUNT.r2.cloudflarestorage.com/YOUR-BUCKET/orders/*.parquet',
  },
  {
    title: 'Data by Airbyte, Stitch or your own',
    text: 'Whatever can write to S3 can write to R2: enter the address of the account there as the endpoint and auto as the region. Airbyte makes a folder for each stream; point one table here at each folder.',
    code: 's3://YOUR-BUCKET/airbyte/NAMESPACE/STREAM/**',
  },
]

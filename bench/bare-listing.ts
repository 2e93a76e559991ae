import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'

// What it takes to ask for every page of the bucket `many` and to do nothing with it; prints the number of objects, and the seconds of the calls.
const [endpoint = '', accessKeyId = '', secretAccessKey = ''] = process.argv.slice(2)
const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
const began = performance.now()
let count = 0
let token: string | undefined
do {
  const page = await client.send(new ListObjectsV2Command({ Bucket: 'many', ContinuationToken: token }))
  count += page.Contents?.length ?? 0
  token = page.NextContinuationToken
} while (token)
console.log(JSON.stringify({ count, seconds: (performance.now() - began) / 1000 }))
process.exit(0)

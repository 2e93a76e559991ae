import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'

export interface NewObject {
  key: string
  body: Uint8Array | string
}

/** Put many objects, 64 at a time. For thousands of tiny ones a gateway's `fill` is faster. */
export async function putObjects(client: S3Client, bucket: string, objects: Iterable<NewObject>, atATime = 64): Promise<void> {
  const waiting = objects[Symbol.iterator]()
  const worker = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: next.value.key, Body: next.value.body }))
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
}

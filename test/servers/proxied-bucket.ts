import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { clientOf } from './ceph/client'
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy'
import { startRadosgw, type RadosGateway, type S3Keys } from './radosgw'

export interface ProxiedBucket {
  gateway: RadosGateway
  /** Reaches the bucket past the proxy. */
  client: S3Client
  proxy: FaultyProxy
  /** The bucket by way of the proxy. */
  given: S3Keys & { endpoint: string; name: string }
  stop(): Promise<void>
}

/** The bucket `shop` of a real store, behind a proxy that can spoil what passes. */
export async function startProxiedBucket(): Promise<ProxiedBucket> {
  const gateway = await startRadosgw()
  const client = clientOf(gateway)
  await client.send(new CreateBucketCommand({ Bucket: 'shop' }))
  const proxy = await startFaultyProxy(gateway.endpoint)
  const stop = async (): Promise<void> => {
    await proxy.close()
    await gateway.stop()
  }
  return { gateway, client, proxy, given: { ...gateway, endpoint: proxy.url, name: 'shop' }, stop }
}

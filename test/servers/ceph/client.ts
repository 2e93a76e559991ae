import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { RadosGateway, S3Keys } from '../radosgw'

/** The vendor's own client for a gateway, with the keys of its owner or of another account. */
export function clientOf(gateway: Pick<RadosGateway, 'endpoint' | 'accessKey' | 'secretKey'>, keys: S3Keys = gateway, more: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: gateway.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey },
    // Ceph 16 does not know the checksums that newer clients add by themselves
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...more,
  })
}

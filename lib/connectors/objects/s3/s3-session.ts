import type { S3Client } from '@aws-sdk/client-s3'
import { setEnvDefaults } from '@/lib/core/env'
import { openHttp, type Http } from '../../http'
import { S3Handler } from './s3-handler'
import { noSuchBucket, type S3Store } from './s3-store'

/** Amazon lets a prefix of a bucket pass 5,500 reads a second; others say nothing. */
const LIKELY_PER_SECOND = 1000
/** Where a bucket is asked for that may be anywhere. */
const ANY_REGION = 'us-east-1'
/** A name that can stand before a host whose certificate is for one more label. */
const HOST_LABEL = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/

/** The vendor's client for one bucket, or for none; made when it is first needed. */
export class S3Session {
  private made: Promise<S3Client> | undefined
  private http: Http | undefined

  constructor(
    private readonly store: S3Store,
    private readonly bucket: string | null,
  ) {}

  async client(signal: AbortSignal): Promise<S3Client> {
    // which Node it will need next year is no news for those who read our log
    setEnvDefaults({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' })
    this.made ??= this.open(signal)
    try {
      return await this.made
    } catch (error) {
      this.made = undefined // the next one may have more luck
      throw error
    }
  }

  close(): void {
    this.http?.close()
    this.made = undefined
  }

  private async open(signal: AbortSignal): Promise<S3Client> {
    const { store, bucket } = this
    const region = store.region ?? (bucket === null ? ANY_REGION : await regionOf(store, bucket, signal))
    const endpoint = store.endpointOf(region)
    const isBeforeHost = store.isVirtualHosted && bucket !== null && HOST_LABEL.test(bucket)
    this.http = openStore(store, isBeforeHost ? endpoint.replace('://', `://${bucket}.`) : endpoint)
    const { S3Client } = await import('@aws-sdk/client-s3') // a big one, and most starts need no store
    return new S3Client({
      endpoint,
      region,
      forcePathStyle: !isBeforeHost,
      credentials: { accessKeyId: store.accessKeyId, secretAccessKey: store.secretAccessKey, sessionToken: store.sessionToken },
      requestHandler: new S3Handler(this.http, store.acceptEncoding),
      // what fails is tried again by our session, which knows the store's other requests too
      maxAttempts: 1,
      retryMode: 'standard',
      // an ETag tells the state of an object, and TLS keeps it whole on its way; others know no checksums
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // nothing comes from the environment or the files of this machine
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
      useArnRegion: false,
      disableMultiregionAccessPoints: true,
      disableS3ExpressSessionAuth: true,
      defaultsMode: 'standard',
      userAgentAppId: undefined,
    })
  }
}

function openStore(store: S3Store, baseUrl: string): Http {
  const { accessKeyId, secretAccessKey, sessionToken } = store
  return openHttp({ baseUrl, account: accessKeyId, secrets: [secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])], likelyPerSecond: LIKELY_PER_SECOND })
}

/** Amazon tells anybody where a bucket is, whatever else it refuses to tell. */
async function regionOf(store: S3Store, bucket: string, signal: AbortSignal): Promise<string> {
  const http = openStore(store, store.endpointOf(ANY_REGION))
  try {
    const { status, headers } = await http.send({ method: 'HEAD', path: encodeURIComponent(bucket), keepsRedirects: true }, signal)
    const region = headers['x-amz-bucket-region'] ?? ''
    // it becomes part of a host name
    if (/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) return region
    if (status === 404) throw noSuchBucket(store, bucket)
    return ANY_REGION
  } finally {
    http.close()
  }
}

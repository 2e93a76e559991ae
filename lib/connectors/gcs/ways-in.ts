import type { S3Store } from '../objects/s3/s3-store'
import type { GcsConfig } from './config'
import type { JsonAccount } from './json-access'

/** Null: the source signs in with an HMAC key. */
export function accountOf({ sign_in: way, key_file: keyFile, endpoint }: GcsConfig): JsonAccount | null {
  return way === 'service account' && keyFile !== undefined ? { keyFile, endpoint } : null
}

const ROLE = 'Grant the owner of the key the role Storage Object Viewer on the bucket'

/** Google's interface for tools that speak S3: https://cloud.google.com/storage/docs/interoperability. */
export function storeOf({ access_id: id = '', secret = '', endpoint }: GcsConfig): S3Store {
  return {
    service: 'Google Cloud Storage',
    scheme: 'gs',
    accessKeyId: id,
    secretAccessKey: secret,
    region: 'auto',
    endpointOf: () => endpoint,
    isVirtualHosted: false,
    // else Google unpacks what is stored packed, and its bytes would not be those that were listed
    acceptEncoding: 'gzip',
    words: {
      keys: 'Look at the HMAC keys under Settings, Interoperability of Cloud Storage; make a new one if in doubt',
      list: (bucket) => ({ title: `The key may not list the bucket ${bucket}`, detail: 'It lacks storage.objects.list', advice: ROLE }),
      read: (bucket) => ({ title: `The key may not read the files of ${bucket}`, detail: 'It lacks storage.objects.get', advice: ROLE }),
      status: 'Try again; if it stays, look at https://status.cloud.google.com',
    },
  }
}

import { Readable } from 'node:stream'
import type { ContainerClient, HttpOperationResponse, IHttpClient, WebResource } from '@azure/storage-blob'
import { openHttp, type Http } from '../http'
import { endpointOf, type AzureConfig } from './config'
import { sasSecrets } from './sas'

/** Azure lets an account pass thousands a second: https://learn.microsoft.com/azure/storage/common/scalability-targets-standard-account. */
const LIKELY_PER_SECOND = 1000

/** A session with the account, under our rules for the outside; the vendor's client signs and understands what travels through it. */
export function openAzure(config: AzureConfig): Http {
  const { account_name: account, account_key: key, sas_token: sas } = config
  return openHttp({
    baseUrl: endpointOf(config),
    account,
    secrets: [...(key === undefined ? [] : [key]), ...(sas === undefined ? [] : sasSecrets(sas))],
    likelyPerSecond: LIKELY_PER_SECOND,
  })
}

export async function containerOf(config: AzureConfig, container: string, http: Http): Promise<ContainerClient> {
  // a big one, and most starts need no store
  const { AnonymousCredential, ContainerClient, newPipeline, StorageSharedKeyCredential } = await import('@azure/storage-blob')
  const { account_name: account, account_key: key, sas_token: sas, sign_in: way } = config
  const credential = way === 'key' && key !== undefined ? new StorageSharedKeyCredential(account, key) : new AnonymousCredential()
  // what fails is tried again by our session, which knows the account's other requests too
  const pipeline = newPipeline(credential, { httpClient: new HttpBridge(http), retryOptions: { maxTries: 1 }, userAgentOptions: { userAgentPrefix: 'Tributary' } })
  const query = way === 'sas' && sas !== undefined ? `?${sas}` : ''
  return new ContainerClient(`${endpointOf(config)}/${encodeURIComponent(container)}${query}`, pipeline)
}

/** The client's way to the network: ours. */
class HttpBridge implements IHttpClient {
  constructor(private readonly http: Http) {}

  async sendRequest(request: WebResource): Promise<HttpOperationResponse> {
    const signal = signalOf(request)
    const outgoing = { method: request.method, path: request.url, headers: { ...request.headers.toJson(), 'user-agent': 'Tributary' } }
    if (!request.streamResponseStatusCodes?.size) {
      const { status, headers, body } = await this.http.send(outgoing, signal)
      return { request, status, headers: headersOf(request, headers), bodyAsText: body.toString('utf8') }
    }
    const { status, headers, body, bytes } = await this.http.stream(outgoing, signal)
    if (!bytes) return { request, status, headers: headersOf(request, headers), bodyAsText: body.toString('utf8') }
    return { request, status, headers: headersOf(request, headers), readableStreamBody: Readable.from(bytes, { objectMode: false, highWaterMark: 1 }) }
  }
}

const never = new AbortController().signal

function signalOf({ abortSignal }: WebResource): AbortSignal {
  return abortSignal instanceof AbortSignal ? abortSignal : never
}

/** The client's own kind of headers, which it hands out but does not export: made of those of the request. */
function headersOf(request: WebResource, given: Record<string, string>): HttpOperationResponse['headers'] {
  const headers = request.headers.clone()
  for (const name of headers.headerNames()) headers.remove(name)
  for (const [name, value] of Object.entries(given)) headers.set(name, value)
  return headers
}

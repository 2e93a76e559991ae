import { AppError } from '@/lib/core/errors'

/** An answer that is no file, in words. @param key the file's address, without what is secret in it */
export function httpsError(status: number, key: string, host: string): AppError {
  const detail = `${key}: HTTP ${status}`
  if (status === 404 || status === 410) return new AppError('not_found', { title: 'There is no such file', detail, advice: 'Open the address in a browser that is signed in nowhere; if it is not found there either, enter the new one' })
  if (status === 401 || status === 403 || status === 407) return new AppError('permission', { title: 'The file is not public', detail, advice: `Make it readable for everybody at ${host}; an address with a signature in it may have expired` })
  if (status === 429) return new AppError('rate_limited', { title: `The limit on requests to ${host} is used up`, detail, advice: 'Try again later' }, { isRetryable: true })
  if (status >= 500 || status === 408 || status === 425) return new AppError('source', { title: `${host} failed to answer`, detail, advice: 'Try again later' }, { isRetryable: true })
  return new AppError('source', { title: `${host} sent no file`, detail, advice: 'Open the address in a browser and see what is there' })
}

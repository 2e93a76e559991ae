import { AppError } from '@/lib/core/errors'

/** The service account's address, or null by the link alone. */
type Who = string | null

export function notShared(who: Who, detail: string): AppError {
  return new AppError('permission', {
    title: 'The spreadsheet is not shared with us',
    detail,
    advice: who === null ? 'Under Share, General access, choose “Anyone with the link” as Viewer; or enter the key file of a service account and share it with that account' : `Share it with ${who} as Viewer`,
  })
}

/** An answer of Google's that is not what was asked for, in words. */
export function sheetsError(status: number, body: Buffer, who: Who): AppError {
  const said = body.subarray(0, 4000).toString('utf8')
  const detail = `HTTP ${status}`
  if (/has not been used in project|SERVICE_DISABLED/.test(said)) return new AppError('permission', { title: 'The project of the service account has the Google Sheets API turned off', detail, advice: 'Turn it on under APIs & Services in the Google Cloud console' })
  if (/not supported for this document/i.test(said)) return new AppError('invalid', { title: 'This is no Google spreadsheet', detail: 'It is a file of another kind that Google shows as one, such as an uploaded Excel file', advice: 'In File, choose “Save as Google Sheets” and link the new one; or upload the file itself' })
  if (status === 401 && who !== null) return new AppError('credentials', { title: 'Google does not accept the credentials', detail, advice: 'Make a new key for the service account and enter the file' })
  if (status === 401 || status === 403) return notShared(who, detail)
  if (status === 404 || status === 410) return new AppError('not_found', { title: 'There is no such spreadsheet', detail: `${detail}; Google says so of some that are not shared too`, advice: 'Check the link, and that it is shared' })
  if (status === 400) return new AppError('missing_table', { title: 'There is no such worksheet', detail: `${detail}: it was deleted, or it is a chart`, advice: 'Refresh the source; remove the table if it is not wanted any more' })
  if (status === 429) return new AppError('rate_limited', { title: 'Google’s limit on requests is used up', detail, advice: 'It is tried again' }, { isRetryable: true })
  return new AppError('source', { title: 'Google failed to answer', detail, advice: 'Try again; if it stays, look at https://www.google.com/appsstatus' }, { isRetryable: status >= 500 || status === 408 })
}

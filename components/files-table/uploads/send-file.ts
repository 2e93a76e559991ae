import { postJson } from '@/components/connectors/read-lines'
import type { ErrorView } from '@/lib/core/errors'
import type { BegunUploadView, UploadPartView } from '@/lib/sources/upload-schema'

/** Large enough that the way there and back costs little, small enough for a slow line in the five minutes that a request has. */
const PART_BYTES = 16 * 1024 * 1024
const TRIES = 4
const FIRST_PAUSE_MS = 500

export type SentFile = NonNullable<UploadPartView['file']>

/** Why a file did not arrive, in words. */
export class SendFailure extends Error {
  constructor(readonly view: ErrorView, readonly isLost: boolean) {
    super(view.title)
  }
}

/** Makes room for a file on the server. Throws what `failureOf` puts in words. */
export function beginFile(file: File, folder: string | null, signal: AbortSignal): Promise<BegunUploadView> {
  return postJson<BegunUploadView>('/api/files/upload', { folder, name: file.name, bytes: file.size }, signal)
}

/** Sends a file part by part, from where the server has it. A part that is lost on the way is sent again, a few times. */
export async function sendFile(file: File, place: BegunUploadView, from: number, onSent: (bytes: number) => void, signal: AbortSignal): Promise<SentFile> {
  let at = from
  for (let tries = 0; ; ) {
    try {
      const { received, file: kept } = await sendPart(place, at, file.slice(at, at + PART_BYTES), (bytes) => onSent(at + bytes), signal)
      if (kept) return kept
      tries = received > at ? 0 : tries + 1
      at = received
      if (tries >= TRIES) throw new SendFailure(lost, true)
    } catch (cause) {
      signal.throwIfAborted()
      if (!(await isReadable(file, at))) throw new SendFailure(changed, false)
      if (!(cause instanceof SendFailure) || !cause.isLost || ++tries >= TRIES) throw cause
      await pause(FIRST_PAUSE_MS * 2 ** tries, signal)
    }
    onSent(at)
  }
}

/** Takes an upload away. What cannot be reached now is swept in a day. */
export function dropFile({ folder, id }: Pick<BegunUploadView, 'folder' | 'id'>): void {
  void fetch(addressOf({ folder, id }), { method: 'DELETE', keepalive: true }).catch(() => undefined)
}

function addressOf({ folder, id }: Pick<BegunUploadView, 'folder' | 'id'>): string {
  return `/api/files/upload/${id}?folder=${encodeURIComponent(folder)}`
}

/** Only this kind of request tells how much of its body has gone. */
function sendPart(place: BegunUploadView, from: number, part: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<UploadPartView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    const fail = (view: ErrorView, isLost: boolean) => reject(new SendFailure(view, isLost))
    request.open('PUT', `${addressOf(place)}&from=${from}`)
    request.upload.onprogress = ({ loaded }) => onSent(Math.min(loaded, part.size))
    request.onabort = () => fail(lost, false)
    request.onerror = () => fail(lost, true)
    request.onloadend = () => signal.removeEventListener('abort', abort)
    request.onload = () => {
      const answer = answerOf(request.responseText)
      if (request.status === 200 && answer && 'received' in answer) return resolve(answer)
      const error = answer && 'error' in answer ? answer.error : null
      // what stands before the server, and not the server itself, answers without words
      if (error) fail(error, error.isRetryable && request.status >= 500)
      else fail({ ...lost, detail: `The server answered with status ${request.status}` }, request.status >= 500)
    }
    signal.addEventListener('abort', abort)
    if (signal.aborted) return fail(lost, false)
    request.send(part)
  })
}

/** Of our own handlers, whose types both sides share; anything else is null. */
function answerOf(text: string): UploadPartView | { error: ErrorView } | null {
  try {
    return JSON.parse(text) as UploadPartView | { error: ErrorView } | null
  } catch {
    return null // said by who asks
  }
}

/** A file that was changed, moved or taken away since it was chosen cannot be read any more, which looks like a lost connection. */
async function isReadable(file: File, at: number): Promise<boolean> {
  return file.slice(at, at + 1).arrayBuffer().then(() => true, () => false)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve() }, { once: true })
  })
}

const lost: ErrorView = { code: 'unreachable', title: 'The connection was lost', detail: 'What arrived is kept', advice: 'Check that you are online, then try again: it goes on from there', isRetryable: true }
const changed: ErrorView = { code: 'invalid', title: 'The file cannot be read any more', detail: 'It was changed, moved or deleted on your computer since it was chosen', advice: 'Remove it here and choose it again', isRetryable: false }

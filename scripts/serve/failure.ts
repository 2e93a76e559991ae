import { AppError, toSentence } from '@/lib/core/errors'

/** Any failure of a command as one sentence for the terminal. */
export function sentenceOf(error: unknown, dataFolder: string): string {
  if (error instanceof AppError) return toSentence(error)
  const { code, path: file, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return `The disk is full${file ? ` (while writing ${file})` : ''}. Free some space, then start again.`
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `${file ?? dataFolder} cannot be written to. Make it yours, or set TRIBUTARY_DATA to a folder that is.`
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') return `${file ?? dataFolder} is a file where a folder is needed. Remove it, or set TRIBUTARY_DATA to another folder.`
  return `Tributary could not go on: ${message ?? String(error)}.`
}

/** Run a command's body; a failure becomes one sentence and exit code 1. */
export async function runCommand(dataFolder: () => string, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    let data = '.tributary'
    try {
      data = dataFolder()
    } catch {
      // the environment itself is wrong, which is what `error` says
    }
    console.error(sentenceOf(error, data))
    process.exitCode = 1
    // a half-started command may hold timers or sockets
    setTimeout(() => process.exit(1), 500).unref()
  }
}

import { AppError } from '@/lib/core/errors'

/** The process that reads files ended under this statement. */
export class EngineDied extends AppError {
  constructor(
    /** Whose connection it was, from 0. */
    readonly connection: number,
    /** Were other statements under way? Then it may have been one of them: run alone, this one tells. */
    readonly hadCompany: boolean,
    readonly reason: 'memory' | 'crash',
    cause: unknown,
  ) {
    super('internal', words(reason), { isRetryable: true, cause })
    this.name = 'EngineDied'
  }
}

function words(reason: 'memory' | 'crash'): { title: string; detail: string; advice: string } {
  if (reason === 'memory') return { title: 'Reading the files needs more memory than it may use', detail: 'The process that reads them was ended', advice: 'Leave out columns with very large values, or make the files smaller' }
  return { title: 'Reading the files ended the process that does it', detail: 'Nothing else was touched by it', advice: 'Sync again; if it stays, report it with the file that it names' }
}

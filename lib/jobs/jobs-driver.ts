/** A run that waits for a worker. The run row says everything else. */
export interface JobRequest {
  runId: string
  workspaceId: string
  sourceId: string
  schemaId: string
  /** Not before then; absent for at once. */
  notBefore?: Date
  /** The queue takes low ranks first. */
  rank: number
  /** How often the run changed hands. Sent again after that, it is another job. */
  fence: number
}

export interface WorkOptions {
  /** How many handlers run at the same time in this process. */
  atOnce: number
}

/**
 * Carries "this run is due" from whoever asks to a worker. It is a messenger and nothing more: the run row decides what
 * may run, so that a job that comes twice, late or for a run that is over does no harm, and one that is lost is sent again
 * by the take-over sweep.
 */
export interface JobsDriver {
  /** Sending a run again while its job waits changes nothing. */
  send(requests: JobRequest[]): Promise<void>
  /** Forget the waiting jobs of a run, and stop those that are on where the queue can. Politeness: a job of a cancelled run does nothing anyway. */
  cancel(runId: string): Promise<void>
  /** Let go of every connection, so that the process can end. */
  stop(): Promise<void>
}

/** A queue whose jobs our own workers take. */
export interface LocalJobs extends JobsDriver {
  readonly place: 'here'
  /** Take jobs until `stopWork`. The handler never throws: what happens to a run is kept in its row. */
  work(handler: (runId: string) => Promise<void>, options: WorkOptions): Promise<void>
  /** Take no more jobs; handlers that are on are not waited for. */
  stopWork(): Promise<void>
}

/** What another system says of a run that it holds. `unknown`: it has none of this id. */
export type OutsideState = 'waiting' | 'not_deployed' | 'on' | 'done' | 'cancelled' | 'expired' | 'timed_out' | 'failed' | 'crashed' | 'system_failure' | 'unknown'

/** A queue that brings its own workers, whose end of a run can be asked for. */
export interface OutsideJobs extends JobsDriver {
  readonly place: 'outside'
  state(externalRunId: string): Promise<OutsideState>
  /** Stop what stands outside under this id, whatever the run's row says. */
  end(externalRunId: string): Promise<void>
}

/** A run that waits for a worker. The run row says everything else. */
export interface JobRequest {
  runId: string
  /** Not before then; absent for at once. */
  notBefore?: Date
  /** How many runs of the same source come before it; the queue takes low ranks first. */
  rank: number
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
  /** Take jobs until `stopWork`. The handler never throws: what happens to a run is kept in its row. */
  work(handler: (runId: string) => Promise<void>, options: WorkOptions): Promise<void>
  /** Take no more jobs; handlers that are on are not waited for. */
  stopWork(): Promise<void>
  /** Forget the waiting jobs of a run. Politeness: a job of a cancelled run does nothing anyway. */
  cancel(runId: string): Promise<void>
  /** Let go of every connection, so that the process can end. */
  stop(): Promise<void>
}

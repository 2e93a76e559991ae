import type * as Prom from 'prom-client'

/** In seconds: a sync takes from a moment to hours. */
const LONG = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3_600, 14_400]
const SHORT = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export type Metrics = ReturnType<typeof define>

// Next bundles this module more than once; one registry serves them all.
const holder = globalThis as unknown as { tributaryMetrics?: Metrics; tributaryMetricsOpening?: Promise<Metrics> }

/** Count from now on. For processes that somebody asks for their metrics; the others never load the package. */
export function openMetrics(): Promise<Metrics> {
  return (holder.tributaryMetricsOpening ??= import('prom-client').then((prom) => (holder.tributaryMetrics = define(prom))))
}

/** Undefined in a process that nobody asks. */
export function metrics(): Metrics | undefined {
  return holder.tributaryMetrics
}

/** Every metric. Labels are few and known beforehand: a connector, a step, an outcome; never what somebody named. `docs/deploy.md` lists them. */
function define(prom: typeof Prom) {
  const registry = new prom.Registry()
  const registers = [registry]
  prom.collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string) => new prom.Gauge({ name, help, registers })
  const counted = {
    registry,
    runs: new prom.Counter({ name: 'tributary_runs_total', help: 'Attempts of runs that ended in this process', labelNames: ['connector', 'outcome'], registers }),
    failures: new prom.Counter({ name: 'tributary_run_failures_total', help: 'Attempts of runs that failed, by what failed', labelNames: ['connector', 'code'], registers }),
    heldVersions: new prom.Counter({ name: 'tributary_held_versions_total', help: 'Versions that wait for somebody to decide, since they would remove or change too much of their table', labelNames: ['connector'], registers }),
    proofs: new prom.Counter({ name: 'tributary_proofs_total', help: 'Tables that were compared with their source, by what was found', labelNames: ['connector', 'outcome'], registers }),
    runSeconds: new prom.Histogram({ name: 'tributary_run_duration_seconds', help: 'From the claim of a run to the end of its attempt', labelNames: ['connector'], buckets: LONG, registers }),
    stepSeconds: new prom.Histogram({ name: 'tributary_step_duration_seconds', help: 'What each step of a run took', labelNames: ['step'], buckets: LONG, registers }),
    rowsRead: new prom.Counter({ name: 'tributary_read_rows_total', help: 'Rows read from sources', labelNames: ['connector'], registers }),
    bytesRead: new prom.Counter({ name: 'tributary_read_bytes_total', help: 'Bytes read from sources', labelNames: ['connector'], registers }),
    runsInFlight: gauge('tributary_runs_in_flight', 'Runs that this process executes now'),
    runsTakenOver: new prom.Counter({ name: 'tributary_runs_taken_over_total', help: 'Runs taken from workers whose lease expired', registers }),
    httpSeconds: new prom.Histogram({ name: 'tributary_http_request_duration_seconds', help: 'Requests that this process answered', labelNames: ['method', 'code'], buckets: SHORT, registers }),
    warehouseFiles: gauge('tributary_warehouse_files', 'Files that kept versions name'),
    warehouseBytes: gauge('tributary_warehouse_bytes', 'Bytes of the files that kept versions name'),
    databaseUp: gauge('tributary_database_up', 'Does our own database answer? The three below are only told when it does'),
    queueDue: gauge('tributary_queue_due_runs', 'Runs that are due and wait for a worker, of the whole installation'),
    queueOldest: gauge('tributary_queue_oldest_due_seconds', 'How long the oldest due run has been waiting'),
    queueRunning: gauge('tributary_queue_running_runs', 'Runs that some worker holds, of the whole installation'),
  }
  // told once a worker has counted them: before that, nothing is known
  for (const unknown of [counted.warehouseFiles, counted.warehouseBytes]) unknown.remove()
  return counted
}

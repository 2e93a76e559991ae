import type * as Api from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace-base'
import { env } from './env'
import { logger } from './logger'

/** The process does not wait longer for the last traces to leave. */
const CLOSE_MS = 1_000
const COMPLAIN_EVERY_MS = 60_000

interface Tracing {
  api: typeof Api
  tracer: Api.Tracer
  close(): Promise<void>
}

let opening: Promise<void> | undefined
let open: Tracing | undefined

/** Trace syncs from now on, where the environment names a collector; else nothing is even loaded. For processes that execute runs. */
export function openTracing(): Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SDK_DISABLED } = env()
  if (!(OTEL_EXPORTER_OTLP_ENDPOINT ?? OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) || OTEL_SDK_DISABLED?.toLowerCase() === 'true') return Promise.resolve()
  return (opening ??= load().then((tracing) => void (open = tracing)))
}

/** Send what is left, for a moment; a collector that is away keeps nobody. */
export async function closeTracing(): Promise<void> {
  const closed = open
  open = undefined
  opening = undefined
  await closed?.close()
}

/** No provider is made the one of the whole process: where Trigger.dev executes a run it has its own. */
async function load(): Promise<Tracing> {
  const [api, { BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { defaultResource, detectResources, envDetector, resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const resource = defaultResource().merge(detectResources({ detectors: [envDetector] })).merge(resourceFromAttributes({ 'service.name': env().OTEL_SERVICE_NAME }))
  // its queue has an end (OTEL_BSP_MAX_QUEUE_SIZE, 2048): what comes while it is full is dropped
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(told(new OTLPTraceExporter()))] })
  return {
    api,
    tracer: provider.getTracer('tributary'),
    async close() {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)))
      // what could not be sent was told already
      await Promise.race([provider.shutdown().catch(() => {}), late])
      clearTimeout(timer)
    },
  }
}

/** A collector that is away is a line a minute in the log, and nothing else. */
function told(exporter: SpanExporter): SpanExporter {
  let toldMs = -Infinity
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code !== 0 && performance.now() - toldMs > COMPLAIN_EVERY_MS) {
          toldMs = performance.now()
          logger('traces').warn({ reason: result.error?.message }, 'traces could not be sent to the collector; those of this time are lost')
        }
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  }
}

export type Facts = Record<string, string | number | boolean>

/** The trace of one run. */
export interface RunSpan {
  /** A child, until the function that it gives is called; with the code of an error when it failed. */
  step(name: string): (code?: string) => void
  end(facts: Facts, code?: string): void
}

/** Undefined where nothing is traced. Facts are ids, numbers and words of ours: never a value, a message or a name that people gave. */
export function startRunSpan(facts: Facts): RunSpan | undefined {
  if (!open) return undefined
  const { api, tracer } = open
  const span = tracer.startSpan('sync', { attributes: facts }, api.ROOT_CONTEXT)
  const inside = api.trace.setSpan(api.ROOT_CONTEXT, span)
  const finish = (ending: Api.Span, code: string | undefined) => {
    if (code !== undefined) ending.setAttribute('error.type', code).setStatus({ code: api.SpanStatusCode.ERROR })
    ending.end()
  }
  return {
    step(name) {
      const child = tracer.startSpan(name, {}, inside)
      return (code) => finish(child, code)
    },
    end(more, code) {
      finish(span.setAttributes(more), code)
    },
  }
}

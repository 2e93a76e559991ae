import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

const Value = z.object({ stringValue: z.string().optional(), intValue: z.coerce.number().optional(), doubleValue: z.number().optional(), boolValue: z.boolean().optional() })
const Attributes = z.array(z.object({ key: z.string(), value: Value })).transform((all) => Object.fromEntries(all.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue])))
const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: Attributes,
  status: z.object({ code: z.number().optional(), message: z.string().optional() }),
})
const Traces = z.object({ resourceSpans: z.array(z.object({ resource: z.object({ attributes: Attributes }), scopeSpans: z.array(z.object({ spans: z.array(Span) })) })) })

export type ReceivedSpan = z.infer<typeof Span>

/** A collector of traces, as OpenTelemetry speaks over HTTP with JSON. */
export interface OtlpReceiver {
  url: string
  spans: ReceivedSpan[]
  /** Of whoever sent them: the service's name. */
  resources: Record<string, unknown>[]
  /** Every body, as it came. */
  bodies: string[]
  /** Answers, each in place of success; null never answers. */
  fault: number | null | undefined
  close(): Promise<void>
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const server = createServer(async (request, response) => {
    const body = await new Response(request as unknown as ReadableStream).text() // a stream of Node may be one of the web
    receiver.bodies.push(body)
    if (receiver.fault === null) return
    if (receiver.fault !== undefined) return void response.writeHead(receiver.fault).end()
    if (request.url !== '/v1/traces') return void response.writeHead(404).end()
    for (const { resource, scopeSpans } of Traces.parse(JSON.parse(body)).resourceSpans) {
      receiver.resources.push(resource.attributes)
      receiver.spans.push(...scopeSpans.flatMap(({ spans }) => spans))
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    resources: [],
    bodies: [],
    fault: undefined,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}

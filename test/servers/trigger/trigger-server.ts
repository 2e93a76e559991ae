import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { answerToCommandLine, shownRun } from './answers'
import { StoredRuns } from './stored-runs'

/** How the client packs a payload. */
const Packed = z.object({ json: z.unknown() })

const TriggerBody = z.object({
  payload: z.string(),
  options: z.object({
    payloadType: z.literal('application/super+json'),
    idempotencyKey: z.string().max(2048).optional(),
    concurrencyKey: z.string().max(128).optional(),
    delay: z.iso.datetime({ offset: true }).optional(),
    ttl: z.union([z.string(), z.number()]).optional(),
    tags: z.union([z.string().max(128), z.array(z.string().max(128)).max(10)]).optional(),
  }),
})

/** `silent`: takes requests and never answers. `takes nothing`: answers, and takes no run. `elsewhere`: the address is another site's. */
export type Trouble = 'none' | 'silent' | 'broken' | 'takes nothing' | 'too many' | 'forbidden' | 'elsewhere'

/** A Trigger.dev of our own, as far as the driver can see it. What is not as over there is said in the README beside. */
export class TriggerServer {
  readonly secretKey = 'tr_prod_0123456789abcdefghij'
  readonly runs = new StoredRuns()
  /** Method and path of every request that came. */
  readonly requests: string[] = []
  trouble: Trouble = 'none'
  private constructor(private readonly server: Server, readonly url: string) {}

  static async start(): Promise<TriggerServer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const made = new TriggerServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.on('request', (request, response) => void made.answer(request, response))
    return made
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve))
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url)
    this.requests.push(`${request.method} ${pathname}`)
    const body = await textOf(request)
    const send = (status: number, answer: object) => response.writeHead(status, { 'content-type': 'application/json', 'x-trigger-jwt-claims': '{"sub":"env_1","pub":true}' }).end(JSON.stringify(answer))
    if (this.trouble === 'silent') return
    if (this.trouble === 'broken' || (this.trouble === 'takes nothing' && pathname.endsWith('/trigger'))) return void send(503, { error: 'Service unavailable' })
    if (this.trouble === 'too many') return void send(429, { error: 'Rate limit exceeded' })
    if (this.trouble === 'forbidden') return void send(403, { error: 'Missing the required permission' })
    if (this.trouble === 'elsewhere') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>')
    const forCommandLine = answerToCommandLine(pathname, this.url)
    if (forCommandLine) return void send(200, forCommandLine)
    if (request.headers.authorization !== `Bearer ${this.secretKey}`) return void send(401, { error: 'Invalid or Missing API key' })
    const { status, answer } = this.route(`${request.method} ${pathname}`, searchParams, body)
    send(status, answer)
  }

  private route(line: string, query: URLSearchParams, body: string): { status: number; answer: object } {
    const [, taskId] = /^POST \/api\/v1\/tasks\/([^/]+)\/trigger$/.exec(line) ?? []
    if (taskId) return this.trigger(decodeURIComponent(taskId), body)
    if (line === 'GET /api/v1/runs') return { status: 200, answer: { data: this.runs.all().filter((run) => run.tags.includes(query.get('filter[tag]') ?? '')).map(shownRun), pagination: {} } }
    const [, id, what] = /^\w+ \/api\/v\d\/runs\/([^/]+)(\/\w+)?$/.exec(line) ?? []
    const run = id && this.runs.find(id)
    if (!run) return { status: 404, answer: { error: 'Run not found' } }
    if (what === '/cancel') this.runs.end(run.id, 'CANCELED')
    return { status: 200, answer: what === '/cancel' ? { id: run.id } : shownRun(run) }
  }

  private trigger(taskId: string, body: string): { status: number; answer: object } {
    const read = TriggerBody.safeParse(JSON.parse(body))
    if (!read.success) return { status: 400, answer: { error: z.prettifyError(read.error) } }
    return { status: 200, answer: this.runs.trigger(taskId, Packed.parse(JSON.parse(read.data.payload)).json, read.data.options) }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string
  return text
}

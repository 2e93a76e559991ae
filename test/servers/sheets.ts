import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Accounts, type ServiceAccountKey } from './gcs/accounts'
import { TokenRefusal } from './gcs/refusal'

interface Worksheet {
  gid: number
  title: string
  csv: string
  type: 'GRID' | 'OBJECT'
}

interface Spreadsheet {
  title: string
  worksheets: Worksheet[]
  /** Addresses of accounts, or `anyone`. */
  readers: Set<string>
}

interface Reply {
  status: number
  headers?: Record<string, string>
  body?: string
}

/**
 * What a reader of Google's spreadsheets meets, as far as it is known from outside: the Sheets API for accounts, the page for readers without one, and exports,
 * which are handed out by another host. It is not Google's: that Google answers so is not proven by it.
 */
export class SheetsServer {
  url = ''
  /** Where exports are handed out; a test may call it by another name. */
  contentUrl = ''
  /** How the page names worksheets; `none`: it is another page by now. */
  page: 'script' | 'buttons' | 'none' = 'script'
  readonly requests: { host: 'docs' | 'content'; path: string; authorization: string | undefined }[] = []
  /** Befalls the next export: the connection ends after so many bytes. */
  cutAfter: number | undefined
  private readonly accounts = new Accounts()
  private readonly emails = new Map<string, string>()
  private readonly spreadsheets = new Map<string, Spreadsheet>()
  private readonly exports = new Map<string, { csv: string; name: string }>()
  private readonly docs = http.createServer((request, response) => void this.serveDocs(request, response))
  private readonly content = http.createServer((request, response) => this.serveContent(request, response))

  async listen(): Promise<this> {
    this.url = await listen(this.docs)
    this.contentUrl = await listen(this.content)
    return this
  }

  get port(): number {
    return portOf(this.docs)
  }

  get contentPort(): number {
    return portOf(this.content)
  }

  async close(): Promise<void> {
    await Promise.all([this.docs, this.content].map((server) => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      return closed
    }))
  }

  /** The id of a new spreadsheet, which nobody may read yet. */
  create(title: string): string {
    const id = randomUUID().replaceAll('-', '').padEnd(44, 'x')
    this.spreadsheets.set(id, { title, worksheets: [], readers: new Set() })
    return id
  }

  share(id: string, reader: string): void {
    this.sheet(id).readers.add(reader)
  }

  put(id: string, gid: number, title: string, csv: string, type: Worksheet['type'] = 'GRID'): void {
    const sheet = this.sheet(id)
    sheet.worksheets = [...sheet.worksheets.filter((each) => each.gid !== gid), { gid, title, csv, type }]
  }

  remove(id: string, gid: number): void {
    const sheet = this.sheet(id)
    sheet.worksheets = sheet.worksheets.filter((each) => each.gid !== gid)
  }

  createKey(account: string): ServiceAccountKey {
    return this.accounts.create(account, `${this.url}/token`)
  }

  private async serveDocs(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    this.requests.push({ host: 'docs', path, authorization: request.headers.authorization })
    const { status, headers, body } = path === '/token' ? await this.token(request) : this.answer(new URL(path, this.url), request.headers.authorization)
    response.writeHead(status, headers).end(body)
  }

  /** Exports come in chunks, without a length. */
  private serveContent(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests.push({ host: 'content', path: request.url ?? '', authorization: request.headers.authorization })
    const found = this.exports.get((request.url ?? '').slice('/export/'.length))
    if (!found) return void response.writeHead(404).end()
    const { cutAfter } = this
    this.cutAfter = undefined
    response.writeHead(200, { 'content-type': 'text/csv', 'content-disposition': `attachment; filename="x.csv"; filename*=UTF-8''${encodeURIComponent(found.name)}.csv` })
    if (cutAfter === undefined) response.end(found.csv)
    else response.write(found.csv.slice(0, cutAfter), () => setImmediate(() => response.destroy()))
  }

  private async token(request: http.IncomingMessage): Promise<Reply> {
    const form = new URLSearchParams(await text(request))
    try {
      const granted = this.accounts.exchange(form, `${this.url}/token`, Date.now() / 1000, 3599)
      const claims: unknown = JSON.parse(Buffer.from((form.get('assertion') ?? '').split('.')[1] ?? '', 'base64url').toString())
      this.emails.set(String(granted.access_token), (claims as { iss: string }).iss) // it was verified just now
      return json(200, granted)
    } catch (error) {
      if (error instanceof TokenRefusal) return json(400, error.body())
      throw error
    }
  }

  private answer({ pathname, searchParams }: URL, authorization: string | undefined): Reply {
    const email = this.emails.get(authorization?.replace(/^Bearer /, '') ?? '')
    const [, viaApi, id = '', act] = /^\/(?:(v4)\/spreadsheets|spreadsheets\/d)\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? []
    if (authorization !== undefined && email === undefined) return json(401, { error: { code: 401, status: 'UNAUTHENTICATED', message: 'Request had invalid authentication credentials.' } })
    const sheet = this.spreadsheets.get(id)
    if (!sheet) return viaApi ? json(404, { error: { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' } }) : { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Sorry, the file you have requested does not exist.</h1>' }
    const mayRead = sheet.readers.has('anyone') || (email !== undefined && sheet.readers.has(email))
    if (viaApi) return mayRead && email !== undefined ? json(200, described(sheet)) : json(403, { error: { code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' } })
    if (!mayRead) return { status: 302, headers: { location: 'https://accounts.google.com/ServiceLogin?continue=x' } }
    if (act === 'htmlview') return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: this.pageOf(sheet) }
    return this.exported(sheet, searchParams)
  }

  private exported(sheet: Spreadsheet, query: URLSearchParams): Reply {
    const found = sheet.worksheets.find(({ gid, type }) => String(gid) === query.get('gid') && type === 'GRID')
    if (!found || query.get('format') !== 'csv') return { status: 400, headers: { 'content-type': 'text/html' }, body: '<h1>Sorry, unable to open the file at this time.</h1>' }
    const name = randomUUID()
    this.exports.set(name, { csv: found.csv, name: `${sheet.title} - ${found.title}` })
    return { status: 307, headers: { location: `${this.contentUrl}/export/${name}` } }
  }

  private pageOf({ worksheets }: Spreadsheet): string {
    const grids = worksheets.filter(({ type }) => type === 'GRID')
    if (this.page === 'script') {
      const quoted = (name: string) => `"${name.replace(/["\\/]/g, '\\$&').replace(/[<>&'=]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16)}`)}"`
      return `<script>var items = [];${grids.map(({ gid, title }) => `items.push({name: ${quoted(title)}, pageUrl: "https:\\/\\/docs.google.com\\/x?gid\\x3d${gid}", gid: "${gid}",initialSheet: false});`).join('')}</script>`
    }
    const escaped = (name: string) => name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&#39;')
    return this.page === 'buttons' ? `<ul>${grids.map(({ gid, title }) => `<li id="sheet-button-${gid}"><a href="#">${escaped(title)}</a></li>`).join('')}</ul>` : '<html>something else</html>'
  }

  private sheet(id: string): Spreadsheet {
    const sheet = this.spreadsheets.get(id)
    if (!sheet) throw new Error(`There is no spreadsheet ${id}`)
    return sheet
  }
}

function described({ title, worksheets }: Spreadsheet): object {
  return { properties: { title }, sheets: worksheets.map((each) => ({ properties: { ...(each.gid !== 0 && { sheetId: each.gid }), title: each.title, sheetType: each.type } })) }
}

function json(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

async function listen(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${portOf(server)}`
}

function portOf(server: http.Server): number {
  return (server.address() as AddressInfo).port // it listens on a port, not on a pipe
}

import { z } from 'zod'
import { openHttp, type Http, type HttpStream } from '../http'
import { Hosts } from '../objects/follow'
import { googleAuth, keyFileSecrets, serviceAccountOf } from '../objects/google-token'
import { parseAnswer } from '../parse-answer'
import { linkOf, type SheetsConfig } from './config'
import { notShared, sheetsError } from './sheets-error'
import { worksheetsInPage, type Worksheet } from './tabs'

/** Where Google is. */
export interface SheetsPlaces {
  docs: string
  api: string
  /** Where exports are handed out, beside `docs`. */
  isContent(url: URL): boolean
}

export const GOOGLE: SheetsPlaces = { docs: 'https://docs.google.com', api: 'https://sheets.googleapis.com', isContent: ({ protocol, hostname }) => protocol === 'https:' && hostname.endsWith('.googleusercontent.com') }

/** Good for the list of worksheets and for exports; a service account sees only what is shared with it. */
const SCOPE = 'https://www.googleapis.com/auth/drive.readonly'
const PAGE_BYTES = 16 * 1024 * 1024

const Spreadsheet = z.object({
  properties: z.object({ title: z.string() }),
  sheets: z.array(z.object({ properties: z.object({ sheetId: z.number().int().default(0), title: z.string(), sheetType: z.string().default('GRID') }) })).default([]),
})

export interface Contents {
  title: string | null
  worksheets: Worksheet[]
  /** False: only the worksheet of the link is known. */
  isWhole: boolean
}

/** A session with Google for one spreadsheet. */
export class Workbook {
  /** The service account's address, or null by the link alone. */
  readonly who: string | null
  private readonly hosts: Hosts
  private readonly link

  constructor(
    private readonly config: SheetsConfig,
    private readonly places: SheetsPlaces,
  ) {
    this.link = linkOf(config)
    this.who = config.key_file === undefined ? null : serviceAccountOf(config.key_file).client_email
    this.hosts = new Hosts((origin) => this.openOrigin(origin))
  }

  close(): void {
    this.hosts.close()
  }

  async contents(signal: AbortSignal): Promise<Contents> {
    return this.who !== null && !this.link.isPublished ? this.byApi(signal) : this.byPage(signal)
  }

  /** A worksheet as CSV. Google makes it when it is asked for: it has no length, no parts and no state that can be told. */
  async export(gid: string, signal: AbortSignal): Promise<HttpStream> {
    const { isPublished, id } = this.link
    const address = isPublished ? `/spreadsheets/d/e/${id}/pub?output=csv&single=true&gid=${gid}` : `/spreadsheets/d/${id}/export?format=csv&gid=${gid}`
    const answer = await this.hosts.ask(new URL(address, this.places.docs), (http, url) => {
      this.checkHost(url)
      return http.stream({ path: url.href }, signal)
    })
    if (!answer.bytes) throw sheetsError(answer.status, answer.body, this.who)
    if (!isPage(answer.headers)) return answer
    answer.drop()
    throw notShared(this.who, 'Google sent a page in its place')
  }

  private async byApi(signal: AbortSignal): Promise<Contents> {
    const query = 'fields=properties.title,sheets.properties(sheetId,title,sheetType)'
    const { status, body } = await this.hosts.ask(new URL(`/v4/spreadsheets/${this.link.id}?${query}`, this.places.api), (http, url) => http.send({ path: url.href, keepsRedirects: true }, signal))
    if (status !== 200) throw sheetsError(status, body, this.who)
    const { properties, sheets } = parseAnswer(Spreadsheet, jsonOf(body), 'Google Sheets')
    const worksheets = sheets.filter((sheet) => sheet.properties.sheetType === 'GRID').map((sheet) => ({ gid: String(sheet.properties.sheetId), title: sheet.properties.title }))
    return { title: properties.title, worksheets, isWhole: true }
  }

  /** By the page for readers; when it names none, by the worksheet of the link, whose export has its name. */
  private async byPage(signal: AbortSignal): Promise<Contents> {
    const { isPublished, id, gid } = this.link
    const address = isPublished ? `/spreadsheets/d/e/${id}/pubhtml` : `/spreadsheets/d/${id}/htmlview`
    const { status, body } = await this.hosts.ask(new URL(address, this.places.docs), (http, url) => {
      this.checkHost(url)
      return http.send({ path: url.href, keepsRedirects: true, mostBytes: PAGE_BYTES }, signal)
    })
    const worksheets = status === 200 ? worksheetsInPage(body.toString('utf8')) : []
    if (worksheets.length > 0) return { title: null, worksheets, isWhole: true }
    const only = await this.export(gid ?? '0', signal)
    only.drop()
    const name = fileName(only.headers['content-disposition'] ?? '')
    return { title: null, worksheets: [{ gid: gid ?? '0', title: name ?? 'Sheet1' }], isWhole: false }
  }

  /** An export leads to Google's own servers for contents; whoever may not read it is led to where people sign in. */
  private checkHost(url: URL): void {
    if (url.origin !== new URL(this.places.docs).origin && !this.places.isContent(url)) throw notShared(this.who, `Google asks to sign in at ${url.host}`)
  }

  private openOrigin(origin: string): Http {
    const { key_file: keyFile } = this.config
    const isGoogles = [this.places.docs, this.places.api].some((place) => new URL(place).origin === origin)
    const signed = keyFile === undefined || !isGoogles ? {} : { auth: googleAuth(serviceAccountOf(keyFile), SCOPE, this.places.docs), secrets: keyFileSecrets(keyFile) }
    return openHttp({ baseUrl: origin, account: this.who ?? this.link.id, headers: { accept: '*/*' }, ...signed })
  }
}

function isPage(headers: Record<string, string>): boolean {
  return (headers['content-type'] ?? '').toLowerCase().startsWith('text/html')
}

/** `Orders - Sheet1.csv` is worksheet Sheet1 of Orders. */
function fileName(disposition: string): string | null {
  const encoded = /filename\*=UTF-8''([^;]{1,1000})/i.exec(disposition)?.[1]
  if (encoded === undefined) return null
  try {
    return decodeURIComponent(encoded).replace(/\.csv$/i, '').split(' - ').at(-1) ?? null
  } catch {
    return null // a name is a courtesy
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined // refused by the shape
  }
}

import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { deltaTable } from '../../e2e/setup/delta-table'
import { workbook } from '../../e2e/setup/workbook'
import { FilesHost } from '../../test/servers/files-host'
import { startGcs, type GcsServer, type ServiceAccountKey } from '../../test/servers/gcs/gcs-server'
import { putObjects, type NewObject } from '../../test/servers/ceph/put-objects'
import { startRadosgw, type RadosGateway } from '../../test/servers/radosgw'
import { SheetsServer } from '../../test/servers/sheets'

export const BUCKET = 'shop-exports'

const CITIES = ['Berlin', 'Köln', 'Paris', 'Lyon', 'Wien', 'Praha', 'Kraków', 'Oslo']
const STATES = ['delivered', 'delivered', 'shipped', 'placed', 'returned']
const MONTHS = Array.from({ length: 26 }, (_, at) => new Date(Date.UTC(2024, at, 1)).toISOString().slice(0, 7))

/** Exports of a shop, as they lie in the stores that people have. */
export interface FilesShop {
  gateway: RadosGateway
  gcs: GcsServer
  gcsKey: ServiceAccountKey
  host: FilesHost
  sheets: SheetsServer
  spreadsheet: string
  put(objects: NewObject[]): Promise<void>
  close(): Promise<void>
}

export async function openFilesShop(): Promise<FilesShop> {
  const [gateway, gcs, host, sheets] = await Promise.all([startRadosgw(), startGcs(), new FilesHost().listen(), new SheetsServer().listen()])
  const client = new S3Client({ endpoint: gateway.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: gateway.accessKey, secretAccessKey: gateway.secretKey } })
  const put = (objects: NewObject[]) => putObjects(client, BUCKET, objects)
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  await put(MONTHS.map((month, at) => ({ key: `orders/${month.slice(0, 4)}/orders-${month}.csv`, body: orders(month, at * 400) })))
  const gcsKey = gcs.createKey('tributary-reader')
  gcs.createBucket('shop-lake')
  gcs.grant('shop-lake', gcsKey.client_email, { list: true, read: true })
  for (const [name, body] of deltaTable('orders')) gcs.putObject('shop-lake', name, body)
  host.put('/exports/budget-2026.xlsx', budget(), { contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' })
  host.put('/exports/kunden.csv', Buffer.from(orders('2026-01', 0, 60), 'latin1'))
  return {
    gateway, gcs, gcsKey, host, sheets, spreadsheet: spreadsheetOf(sheets), put,
    close: async () => {
      client.destroy()
      await Promise.all([gateway.stop(), gcs.close(), host.close(), sheets.close()])
    },
  }
}

/** Rows of one month, the same each time. */
export function orders(month: string, from: number, count = 400): string {
  const line = (at: number) => {
    const id = from + at
    return [id, `SO-${month}-${String(id).padStart(6, '0')}`, `customer${id % 97}@example.com`, CITIES[id % CITIES.length], `0${1000 + (id % 900)}`, STATES[id % STATES.length], (id % 500) / 4 + 10, `${month}-${String((at % 28) + 1).padStart(2, '0')}`, `${month}-${String((at % 28) + 1).padStart(2, '0')} ${String(at % 24).padStart(2, '0')}:15:00`, id % 3 === 0 ? '' : 'true'].join(';')
  }
  return `id;order_no;email;city;postcode;status;total;placed_on;paid_at;is_gift\n${Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('')}`
}

function budget(): Buffer {
  const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06']
  const plan = CITIES.flatMap((city, at) => months.map((month, place) => [city, month, 12_000 + at * 700 + place * 150, 11_800 + at * 690 + place * 175]))
  return workbook({ Notes: [['Note', 'By'], ['Figures are net', 'Ada'], ['Actuals until June', 'Grace']], Budget: [['city', 'month', 'planned', 'actual'], ...plan], Headcount: [['city', 'people'], ...CITIES.map((city, at) => [city, 4 + at])] })
}

function spreadsheetOf(sheets: SheetsServer): string {
  const id = sheets.create('Shop')
  sheets.put(id, 0, 'Targets', 'city,target\nKöln,1200\nParis,900\n')
  sheets.put(id, 7, 'Campaigns 2026', 'campaign,begins\nSpring,2026-03-01\n')
  sheets.put(id, 9, 'Suppliers', 'supplier,country\nAcme,DE\n')
  sheets.share(id, 'anyone')
  return id
}

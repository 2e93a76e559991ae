import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A self-signed certificate for a host name, made on the spot: Node can read certificates and not write them. */
export function certificateForTest(host: string, validDays = 1): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(oid([42, 134, 72, 206, 61, 4, 3, 2]))
  const name = sequence(tag(0x31, sequence(oid([85, 4, 3]), tag(0x0c, Buffer.from(host)))))
  const day = 86_400_000
  const until = Date.now() + validDays * day
  const validity = sequence(time(Math.min(Date.now(), until) - day), time(until))
  const altNames = sequence(oid([85, 29, 17]), tag(0x04, sequence(tag(0x82, Buffer.from(host)))))
  const isAuthority = sequence(oid([85, 29, 19]), tag(0x01, Buffer.from([255])), tag(0x04, sequence(tag(0x01, Buffer.from([255])))))
  const body = sequence(
    tag(0xa0, tag(0x02, Buffer.from([2]))),
    tag(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(altNames, isAuthority)),
  )
  const signature = tag(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]))
  const der = sequence(body, ecdsaWithSha256, signature)
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  }
}

function tag(kind: number, content: Buffer): Buffer {
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([kind, ...length]), content])
}

const sequence = (...parts: Buffer[]) => tag(0x30, Buffer.concat(parts))
const oid = (bytes: number[]) => tag(0x06, Buffer.from(bytes))
const time = (at: number) => tag(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))

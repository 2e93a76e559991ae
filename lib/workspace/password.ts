import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

const N = 2 ** 15
const R = 8
const P = 1
const KEY_BYTES = 32
const SALT_BYTES = 16

/** `scrypt$N$r$p$salt$key`, so that the cost can be raised later and old hashes still be read. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, KEY_BYTES, { N, r: R, p: P })
  return ['scrypt', N, R, P, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Is it the password of this hash? Without a hash (nobody has that e-mail) it takes as long and says no. */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [format, n, r, p, salt, key] = (hash ?? '').split('$')
  if (format !== 'scrypt' || !salt || !key) {
    await derive(password, randomBytes(SALT_BYTES), KEY_BYTES, { N, r: R, p: P })
    return false
  }
  const wanted = Buffer.from(key, 'base64url')
  const given = await derive(password, Buffer.from(salt, 'base64url'), wanted.length, { N: Number(n), r: Number(r), p: Number(p) })
  return timingSafeEqual(given, wanted)
}

function derive(password: string, salt: Buffer, bytes: number, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r }
  return new Promise((resolve, reject) => {
    // The same letters typed on another keyboard may arrive composed differently.
    scrypt(password.normalize('NFKC'), salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

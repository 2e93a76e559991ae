import { z } from 'zod'

/** What a header can hold, in one line. */
const KEY = /^[\x21-\x7e]+$/

export function accessKeyField(placeholder: string, help: string) {
  return z.string({ error: 'Enter the access key' }).max(200, 'That is too long for an access key').regex(/^[\w.+=@-]+$/, 'An access key has letters, digits and _ alone').meta({ label: 'Access key', placeholder, help })
}

export function secretKeyField() {
  return z.string({ error: 'Enter the secret' }).max(1000, 'That is too long for a secret').regex(KEY, 'Copy the secret again: it holds a space or a letter that no secret has').meta({ label: 'Secret', secret: true, control: 'password' })
}

export function sessionTokenField() {
  return z.string().max(8000, 'That is too long for a session token').regex(KEY, 'Copy the token again: it holds a space or a line break').optional().meta({ label: 'Session token', help: 'Only for keys that are good for some hours; leave it blank for a key that lasts', secret: true, control: 'password' })
}

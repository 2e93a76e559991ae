import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toErrorView, toSentence } from '@/lib/core/errors'
import { blotter } from './redact'
import { failure, never, open, sendJson, startService, type Service } from './service-for-test'
import type { HttpAuth } from './types'

/** What a key may look like: printable, without a blank at its ends. */
const secret = fc.string({ minLength: 6, maxLength: 60, unit: fc.constantFrom(...'abcXYZ0189_-+/=.~!*"\'\\%&?#: ') }).filter((text) => text.trim() === text && new Set(text).size > 3)

let service: Service
beforeAll(async () => {
  // it repeats whatever it was sent, as careless services do
  service = await startService((request, response) => {
    const status = Number(request.headers['x-status'])
    const said = { error: { message: `no such thing: ${decodeURIComponent(request.url ?? '')} ${request.url} for ${request.headers.authorization}` } }
    if (status === 302) response.writeHead(302, { location: `http://other.example/${encodeURIComponent(request.headers.authorization ?? '')}` }).end()
    else sendJson(response, said, status)
  })
})
afterAll(() => service.close())

test('a secret is in no error and in no line of the log, whatever it looks like and wherever the service repeats it', async () => {
  await fc.assert(
    fc.asyncProperty(secret, secret, fc.constantFrom(400, 401, 403, 404, 429, 500, 302), fc.constantFrom('bearer', 'basic', 'query'), async (key, more, status, kind) => {
      const lines: string[] = []
      const auth: HttpAuth | undefined = kind === 'bearer' ? { kind, token: key } : kind === 'basic' ? { kind, user: 'me', password: key } : undefined
      const http = open(service, { auth, secrets: auth ? [more] : [key, more], headers: { 'x-status': String(status) }, patience: { attempts: 2 }, log: (_, line) => lines.push(line) })
      try {
        const error = await failure(http.json({ path: `list/${encodeURIComponent(more)}`, query: kind === 'query' ? { api_key: key } : {} }, never))
        expect(lines.length).toBeGreaterThan(0)
        for (const text of [toSentence(toErrorView(error)), ...lines]) {
          for (const hidden of [key, more]) for (const form of [hidden, encodeURIComponent(hidden), Buffer.from(hidden).toString('base64')]) expect(text).not.toContain(form)
          expect(text).not.toContain(Buffer.from(`me:${key}`).toString('base64'))
        }
      } finally {
        http.close()
      }
    }),
    { numRuns: 60 },
  )
})

test('what stands around a secret stays, and short values are left alone', () => {
  const blot = blotter(['s3cr3t/key', 'ab'])
  expect(blot('Bearer s3cr3t/key, ?k=s3cr3t%2Fkey&ab')).toBe('Bearer •••, ?k=•••&ab')
})

import { createInterface } from 'node:readline'
import { seedAccount } from '@/test/servers/stripe/business/seed-account'
import { startStripe } from '@/test/servers/stripe/stripe-server'

// The emulated account in a process of its own, as it would be elsewhere. Each line on standard input asks for what was answered since
// the line before it.
const [mode = 'test', charges = '0', perSecond = '0', burst = '0', latencyMs = '0'] = process.argv.slice(2)
const server = await startStripe({ mode: mode === 'live' ? 'live' : 'test', perSecond: Number(perSecond), burst: Number(burst), latencyMs: Number(latencyMs) })
seedAccount(server.store, 'charge', Number(charges))
console.log(JSON.stringify({ url: server.url, key: server.key }))
for await (const _ of createInterface({ input: process.stdin })) {
  const requests = server.requests.splice(0)
  console.log(JSON.stringify({ requests: requests.length, refused: requests.filter(({ status }) => status === 429).length }))
}
await server.close()

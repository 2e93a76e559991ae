import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { projectFolder } from '@/lib/core/env'

const Begun = z.object({ url: z.string(), key: z.string() })
const Counted = z.object({ requests: z.number(), refused: z.number() })

export interface BenchAccount {
  url: string
  key: string
  /** What was answered since the last call. */
  count(): Promise<z.infer<typeof Counted>>
  close(): Promise<void>
}

export interface AccountSize {
  /** Stripe says that it allows 100 requests a second to live keys, and 25 to those of the sandbox. */
  mode: 'live' | 'test'
  charges: number
  /** Requests a second, and how many of them may be saved up. */
  perSecond: number
  burst: number
  latencyMs: number
}

/** An emulated Stripe account with so many charges, that allows so many requests a second and takes its time for each. */
export async function startAccount({ mode, charges, perSecond, burst, latencyMs }: AccountSize): Promise<BenchAccount> {
  const script = path.join(projectFolder(), 'bench', 'stripe-child.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, mode, String(charges), String(perSecond), String(burst), String(latencyMs)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => {
    const { value } = await lines.next()
    if (value === undefined) throw new Error('The emulated account ended')
    return JSON.parse(value)
  }
  const { url, key } = Begun.parse(await next())
  return {
    url,
    key,
    async count() {
      child.stdin.write('\n')
      return Counted.parse(await next())
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}

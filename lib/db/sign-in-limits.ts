import { prisma } from './client'

interface LimiterQuery {
  text: string
  values: unknown[]
}

/** The part of a pg pool that rate-limiter-flexible uses, on our own pool. Its counters live in the table SignInLimit. */
export const signInLimitStore = {
  table: 'SignInLimit',
  async query({ text, values }: LimiterQuery): Promise<{ rows: Record<string, unknown>[]; rowCount: number }> {
    const rows = await prisma().$queryRawUnsafe<Record<string, unknown>[]>(text, ...values)
    // The limiter computes with plain numbers: a time in milliseconds fits one.
    const plain = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value])))
    return { rows: plain, rowCount: plain.length }
  },
}

import { Stripe } from 'stripe'
import { onTestFinished } from 'vitest'
import { openClient } from './client'
import { startStripe } from './stripe-server'
import type { EmulatedObject, EmulatedStore, StripeServer, StripeServerOptions } from './types'

export interface Started {
  server: StripeServer
  store: EmulatedStore
  /** Stripe's own client. */
  stripe: Stripe
  /** Any address, through Stripe's own client. */
  get(path: string): Promise<Answered>
}

type Answered = Record<string, unknown> & { data: EmulatedObject[]; has_more: boolean; url: string }

/** A server for one test, which ends with it. */
export async function started(options?: StripeServerOptions): Promise<Started> {
  const server = await startStripe(options)
  onTestFinished(() => server.close())
  const stripe = openClient(server)
  return { server, store: server.store, stripe, get: (path) => get(stripe, path) }
}

export async function get(stripe: Stripe, path: string): Promise<Answered> {
  return (await stripe.rawRequest('GET', path)) as unknown as Answered // whatever came; the test looks into it
}

/** What Stripe's client threw; the test fails where it threw nothing. */
export async function refusal(asked: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error: unknown = await asked.then(
    () => new Error('Nothing was refused'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof Stripe.errors.StripeError) return error
  throw error
}

/** Charges made in these seconds after the first of 2026, in this order. */
export function charges(store: EmulatedStore, seconds: number[]): string[] {
  return seconds.map((second, index) => store.insert({ id: store.newId('ch_'), object: 'charge', created: 1_767_225_600 + second, amount: index }).id)
}

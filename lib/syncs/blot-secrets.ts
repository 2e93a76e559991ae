import { secretFieldNames } from '@/lib/connectors/config-fields'
import type { Connector } from '@/lib/connectors/contract'
import type { ErrorView } from '@/lib/core/errors'

/** Shorter values stand in ordinary words; blotting them would give them away by the holes. */
const SHORTEST = 4

/**
 * A function that takes the secrets of a config out of a text. No error or log line should hold one; a server's answer
 * or a driver's message that does is not allowed to be the way out.
 */
export function secretBlotter(connector: Connector, config: unknown): (text: string) => string {
  const values = config as Record<string, unknown>
  const secrets = secretFieldNames(connector).flatMap((name) => {
    const value = values[name]
    return typeof value === 'string' && value.length >= SHORTEST ? [value, encodeURIComponent(value)] : []
  })
  return (text) => secrets.reduce((blotted, secret) => blotted.replaceAll(secret, '•••'), text)
}

/** An error's words without secrets. */
export function blotError(error: ErrorView, blot: (text: string) => string): ErrorView {
  const { title, detail, advice } = error
  return { ...error, title: blot(title), ...(detail === undefined ? {} : { detail: blot(detail) }), ...(advice === undefined ? {} : { advice: blot(advice) }) }
}

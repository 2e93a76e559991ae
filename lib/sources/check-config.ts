import type { CheckStep } from '@/lib/connectors/contract'
import { findConnector } from '@/lib/connectors/registry'
import { parseConfig } from './parse-config'
import type { ConfigInput } from './schema'

/** Check a config from the outside in, a line at a time. Throws only for a config that cannot be parsed. */
export async function* checkConfig(connectorId: string, input: ConfigInput, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const connector = findConnector(connectorId)
  yield* connector.check(parseConfig(connector, input), signal)
}

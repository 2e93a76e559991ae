import type { TablesConnector } from './contract'
import { bytesTests, type KeyedSource } from './suite/bytes-tests'
import { everyConnectorTests } from './suite/every-connector-tests'
import { rowsTests } from './suite/rows-tests'
import { Suite, type TrackedSource } from './suite/suite'

/** The contract, as tests that every connector with replication keys passes. */
export function connectorSuite<Config>(connector: TablesConnector<Config>, source: () => KeyedSource): void {
  const suite = new Suite(connector, source, {})
  everyConnectorTests(suite)
  bytesTests(suite)
}

/** The contract, as tests that every connector passes which follows the changes of its source by itself. */
export function trackingConnectorSuite<Config>(connector: TablesConnector<Config>, source: () => TrackedSource): void {
  const suite = new Suite(connector, source, { changes: { read: 'everything' } })
  everyConnectorTests(suite)
  rowsTests(suite)
}
